import { expect, it } from 'vitest';
import { axisName } from '../labels.ts';
import type { Estimate } from '../statistics/statistics.ts';
import type { StudyTable } from '../sweep/table.ts';
import { figuresOf } from './figures.ts';
import { findingOf } from './finding.ts';
import { logTicks, scaleOf } from './scale.ts';
import { pointsOf } from './trade-off.ts';

function about(mean: number | null): Estimate {
  return mean === null ? { n: 0, mean, low: null, high: null } : { n: 3, mean, low: mean * 0.9, high: mean * 1.1 };
}

/** A study of one parameter whose cells have these detection times, false disconnects and availabilities. */
function study(cells: Record<string, [detectMs: number | null, falseOnes: number, availability: number]>): StudyTable {
  const metrics = ['mean(detect_ms)', 'false_disconnects', 'channel_availability'];
  return {
    version: 1,
    study: 's',
    about: '',
    digest: 'sha256:0',
    command: 'npx tsx sim sweep s.yaml',
    seeds: { first: 1, count: 3 },
    parameters: [{ name: 'kind', values: Object.keys(cells) }],
    metrics,
    trade_off: ['mean(detect_ms)', 'false_disconnects'],
    asked: { checks: 0, thresholds: 0 },
    cells: Object.entries(cells).map(([kind, values]) => ({
      parameters: { kind },
      metrics: Object.fromEntries(metrics.map((metric, index) => [metric, about(values[index])])),
      broken: {},
      missed: {},
    })),
  };
}

const TABLE = study({ quick: [2_000, 90, 0.9], slow: [40_000, 1, 0.98], poor: [41_000, 2, 0.9], blind: [null, 0, 0.9] });

it('the front has the cells that none beats in both metrics, and cells without a sample have no point', () => {
  const front = (x: string, y: string) =>
    pointsOf(TABLE, [x, y])
      .filter(({ onFront }) => onFront)
      .map(({ name }) => name);
  expect(pointsOf(TABLE, ['mean(detect_ms)', 'false_disconnects']).map(({ name }) => name)).toEqual(['quick', 'slow', 'poor']);
  expect(front('mean(detect_ms)', 'false_disconnects')).toEqual(['quick', 'slow']);
  // Of availability more is better.
  expect(front('mean(detect_ms)', 'channel_availability')).toEqual(['quick', 'slow']);
  expect(front('false_disconnects', 'channel_availability')).toEqual(['blind', 'slow']);
});

it('a title says what the figure shows', () => {
  expect(findingOf(TABLE, 'mean(detect_ms)')).toBe('The relay finds a dead link after 2 s (quick) to 41 s (poor), mean');
  expect(findingOf(TABLE, 'channel_availability')).toBe('Channels are available 90 % (quick and 2 more) to 98 % (slow)');
  expect(findingOf(study({ blind: [null, 0, 1] }), 'mean(detect_ms)')).toBe('mean(detect_ms): no cell has a sample');
});

it('a study of one parameter has bars for what differs, and the trade-off it asks for; the same table gives the same pictures', async () => {
  const figures = await figuresOf(TABLE);
  expect(figures.map(({ name }) => name)).toEqual(['mean-detect_ms', 'false_disconnects', 'channel_availability', 'trade-off']);
  expect(figures[3].finding).toBe('Of 4 settings none beats these 2 in both mean(detect_ms) and false_disconnects: quick, slow');
  for (const { svg } of figures) expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(figures[0].svg).toContain('mean(detect_ms) (time)');
  expect(figures[0].svg).toContain('>41 s ± 4.1 s<');
  expect(await figuresOf(TABLE)).toEqual(figures);
});

/** Two parameters, of which the second has so many values. */
function grid(columns: number): StudyTable {
  const values = Array.from({ length: columns }, (_, index) => index + 1);
  const cells = ['a', 'b'].flatMap((kind) =>
    values.map((loss) => ({
      parameters: { kind, loss },
      metrics: { false_disconnects: about(loss * 1_000 + kind.length) },
      broken: {},
      missed: {},
    })),
  );
  const parameters = [
    { name: 'kind', values: ['a', 'b'] },
    { name: 'loss', values },
  ];
  return { ...TABLE, parameters, metrics: ['false_disconnects'], trade_off: null, cells };
}

it('a study of two parameters has heat maps with means and intervals in their fields', async () => {
  const svg = async (columns: number) => (await figuresOf(grid(columns)))[0].svg;
  expect(await svg(2)).toContain('>2,001 ± 200<');
});

it('has no trade-off where no cell has both, and no figure that nobody could read', async () => {
  const names = async (table: StudyTable) => (await figuresOf(table)).map(({ name }) => name);
  expect(await names(study({ a: [null, 0, 1], b: [null, 1, 1] }))).toEqual(['false_disconnects']);
  expect(await names({ ...grid(501), trade_off: ['false_disconnects', 'connects'] })).toEqual([]);
});

it('axes name the unit of bare numbers', () => {
  expect(axisName({ name: 'link.loss', values: [0, 0.1] })).toBe('link.loss (share of packets)');
  expect(axisName({ name: 'boards.config.socket_delay_ms', values: [0] })).toBe('boards.config.socket_delay_ms (ms)');
  expect(axisName({ name: 'relay.ping_interval', values: ['5s'] })).toBe('relay.ping_interval');
});

it('an axis is logarithmic when values lie far apart and none is zero, with ticks that read well', () => {
  expect(scaleOf([about(1), about(5)], 10).type).toBe('value');
  expect(scaleOf([about(0), about(50)], 10)).toMatchObject({ type: 'value', min: 0 });
  const scale = scaleOf([about(20_000), about(1_200_000)], 10);
  expect(logTicks(scale, true)).toEqual([20_000, 60_000, 120_000, 300_000, 600_000, 1_200_000]);
  expect(logTicks({ type: 'log', min: 3, max: 120 }, false)).toEqual([5, 10, 20, 50, 100]);
});
