/**
 * The reports of studies in a real browser, on a phone, on a desk and on paper. Without one these tests are
 * skipped.
 */
import { HAS_CHROMIUM, openPage, withBrowser } from 'relay/testing/chromium';
import { describe, expect, it } from 'vitest';
import { brokenRows, cutElements, edgeShades, printPage, scrollingPlaces } from '../testing/layout.ts';
import type { Estimate } from './statistics/statistics.ts';
import { renderStudy } from './sweep/report.ts';
import type { StudyTable } from './sweep/table.ts';
import { renderTune } from './tune/report.ts';
import type { TunePoint, TuneResult } from './tune/result.ts';

const MAX_PDF_BYTES = 3_000_000;

/** The widest of the studies that come with the kit has these ten. */
const METRICS: Record<string, number> = {
  'mean(detect_ms)': 31_400,
  'max(detect_ms)': 74_884.863,
  'mean(board_detect_ms)': 1_419_000,
  'max(board_detect_ms)': 1_739_000,
  false_disconnects: 1_234,
  connects_per_s_peak: 56,
  'mean(recovery_ms)': 14_884.863,
  'max(recovery_ms)': 61_234,
  keepalive_bytes: 1_234_567,
  channel_availability: 0.94321,
};
const NAMES = Object.keys(METRICS);

function about(mean: number): Estimate {
  return { n: 20, mean, low: mean * 0.93, high: mean * 1.07 };
}

function cell(index: number): Record<string, Estimate> {
  return Object.fromEntries(NAMES.map((name) => [name, about(METRICS[name] * (name === 'channel_availability' ? 1 : 1 + index / 20))]));
}

function study(parameters: StudyTable['parameters']): StudyTable {
  const all = parameters.reduce<Record<string, unknown>[]>(
    (cells, { name, values }) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value }))),
    [{}],
  );
  return {
    version: 1,
    study: 'library-defaults',
    about: 'Which library’s defaults find a dead link, and at what price, when the access point reboots and the link goes dark?',
    digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
    command: 'npx tsx sim sweep scenarios/studies/library-defaults.yaml --seeds 20 --out runs/a-folder-of-that-name',
    seeds: { first: 1, count: 20 },
    parameters,
    metrics: NAMES,
    trade_off: ['mean(recovery_ms)', 'connects_per_s_peak'],
    asked: { checks: 4, thresholds: 0 },
    cells: all.map((values, index) => ({ parameters: values, metrics: cell(index), broken: {}, missed: {} })),
  };
}

const TWO = study([
  { name: 'relay.ping_interval', values: ['5s', '10s', '20s', '30s', '60s'] },
  { name: 'relay.ping_timeout', values: ['2s', '5s', '10s', '20s'] },
]);
const ONE = study([
  { name: 'library', values: ['websockets (Python)', 'ESP-IDF esp_websocket_client', 'arduinoWebSockets, heartbeat on', 'socket.io v4'] },
]);

function tuned(index: number): Record<string, Estimate> {
  const { keepalive_bytes, false_disconnects } = cell(index);
  return { 'p99(detect_ms)': about(14_000), keepalive_bytes, false_disconnects };
}

function tuning(): TuneResult {
  const parameters = [
    { name: 'relay.ping_interval', values: ['5s', '10s', '20s'] },
    { name: 'relay.ping_timeout', values: ['2s', '5s', '10s'] },
    { name: 'boards.board_ping_interval', values: ['10s', '25s', '60s'] },
    { name: 'boards.backoff.max', values: ['10s', '60s'] },
  ];
  const points = Array.from({ length: 18 }, (_, index): TunePoint => {
    const values = Object.fromEntries(parameters.map(({ name, values }, place) => [name, values[(index + place) % values.length]]));
    const settings = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const verdict = index % 3 === 0 ? 'met' : 'missed';
    return {
      cell: index,
      parameters: values,
      settings,
      seeds: 20,
      verdict,
      fails: ['p99(detect_ms) < 15s'],
      onFront: index % 3 === 0,
      tied: index === 3,
      metrics: tuned(index),
    };
  });
  const front = points.filter(({ onFront }) => onFront);
  return {
    version: 1,
    scenario: 'tuning',
    about: 'Bursts of loss, two silences of 75 s and a restart of the relay.',
    digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
    command: 'npx tsx sim tune --goal "p99(detect_ms) < 15s" --minimize keepalive_bytes,false_disconnects',
    goals: ['p99(detect_ms) < 15s'],
    minimize: ['keepalive_bytes', 'false_disconnects'],
    parameters,
    seeds: { first: 1, most: 20 },
    board_hours: 5,
    runs: { used: 440, budget: 2_000, fullGrid: 15_360 },
    end: 'decided',
    recommended: front[0],
    front,
    neighbours: [points[1], points[2]].map((point) => ({ point, differences: [] })),
    nearest: [],
    points,
  };
}

const HANDOVER = {
  relay: 'npx tsx relay --ws-ping-interval 10s --ws-ping-timeout 5s',
  config: '{ "keepalive": { "ping_interval_ms": 25000, "ping_timeout_ms": 10000 } }',
  answers: [
    {
      name: 'nginx',
      answer: { place: 'nginx.conf, location', lines: ['proxy_read_timeout 60s;', 'proxy_set_header Upgrade $http_upgrade;'] },
    },
  ],
};

const PAGES: [name: string, render: () => Promise<string>][] = [
  ['a study of one parameter', () => renderStudy(ONE)],
  ['a study of two parameters', () => renderStudy(TWO)],
  ['a tuning', () => renderTune(tuning(), HANDOVER)],
];

async function open(render: () => Promise<string>, width: number) {
  const { page, errors } = await openPage('about:blank', { viewport: { width, height: 860 } });
  await page.setContent(await render());
  return { page, errors };
}

describe.skipIf(!HAS_CHROMIUM)('reports of studies in Chromium', { timeout: 60_000 }, () => {
  withBrowser();

  it.each(PAGES)('%s is cut nowhere on a phone, and its charts and tables say that they go on', async (_name, render) => {
    const { page, errors } = await open(render, 390);
    expect(await cutElements(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const hints: string[] = await page.evaluate(
      `[...document.querySelectorAll('.scroll:has(> svg)')].map((element) => getComputedStyle(element, '::before').content)`,
    );
    expect(new Set(hints)).toEqual(new Set(['"scroll sideways →"']));
    const { left, right } = await edgeShades(page, '.scroll:has(> table)');
    expect(right).toBeGreaterThan(left + 20);
    expect(errors).toEqual([]);
  });

  it.each(PAGES)('%s fits a desk, all cells and ten metrics, each cell in one line', async (_name, render) => {
    const { page } = await open(render, 1280);
    expect(await cutElements(page)).toEqual([]);
    expect(await scrollingPlaces(page)).toEqual([]);
    expect(await brokenRows(page)).toEqual([]);
  });

  it.each(PAGES)('%s is printed small, whole, and begins on its first page', async (_name, render) => {
    const { page } = await open(render, 1280);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 720, height: 1_000 });
    expect(await cutElements(page)).toEqual([]);
    const { bytes, textsOnFirst } = await printPage(page);
    expect(bytes).toBeLessThan(MAX_PDF_BYTES);
    expect(textsOnFirst).toBeGreaterThan(20);
  });
});
