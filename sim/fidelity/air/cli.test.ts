import { describe, expect, it } from 'vitest';
import { main } from '../cli.ts';

async function run(line: string): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const code = await main(
    ['--air', ...line.split(' ').filter((word) => word !== '')],
    (text) => {
      said.out += text;
    },
    (text) => {
      said.err += text;
    },
  );
  return { code, ...said };
}

async function figures(line: string) {
  const { code, out } = await run(`${line} --json`);
  expect(code).toBe(0);
  return JSON.parse(out);
}

describe('npm run fidelity -- --air', () => {
  it.each([
    ['--statons 5', 'unknown flag --statons; the nearest legal flag is --stations'],
    ['--stations 0', '--stations: expected a whole number from 1 to 500, got "0"'],
    ['--stations 2.5', '--stations: expected a whole number'],
    ['--traffic tcp', '--traffic: expected one of sos, saturated'],
    ['--payload 0', '--payload: expected a whole number from 1 to 1472'],
    ['--rate mcs8', '--rate: expected one of dsss1,'],
    ['--slow 6mbit', '--slow: expected one of dsss1,'],
    ['--neighbours 1', '--neighbours: expected a number from 0 to 0.95, got "1"'],
    ['--neighbours 30%', '--neighbours: expected a number'],
    ['--ap-queue 100', '--ap-queue: expected one of 500, linux, deep'],
    ['--board-tries 0', '--board-tries: expected a whole number from 1 to 255'],
    ['--ack none', '--ack: expected one of delayed, each'],
    ['--duration 10', '--duration: expected a duration with its unit'],
    ['--aggregate=yes', '--aggregate: takes no value'],
    ['--rtt 40ms', 'unknown flag --rtt'],
    ['--stations 500 --duration 1h', 'packets; expected at most'],
    ['--seed 4294967295 --seeds 2', '--seed: the last of 2 seeds is above 4294967295'],
    ['points.json', 'unexpected argument "points.json"'],
  ])('refuses %s with exit code 2 and says why', async (line, message) => {
    const { code, out, err } = await run(line);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err).toContain('--air --help shows all flags');
  });

  it('explains itself, and the command without it says that it is there', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const flag of [
      'stations',
      'traffic',
      'payload',
      'rate',
      'neighbours',
      'slow',
      'aggregate',
      'ap-queue',
      'board-tries',
      'ack',
      'json',
    ])
      expect(out).toContain(`--${flag} `);
    let help = '';
    await main(
      ['--help'],
      (text) => (help += text),
      () => {},
    );
    expect(help).toContain('--air');
  });

  it('gives one condition as JSON', async () => {
    const result = await figures('--stations 20 --traffic sos --payload 100 --rate mcs7 --seeds 2');
    const quantiles = ['mean', 'p50', 'p90', 'p99'];
    expect(Object.keys(result)).toEqual(['goodput_bps', 'collision_share', 'delay_up_ms', 'delay_down_ms', 'loss', 'busy']);
    expect(Object.keys(result.delay_up_ms)).toEqual(quantiles);
    expect(Object.keys(result.delay_down_ms)).toEqual(quantiles);
    // 20 messages of 100 bytes and 380 copies of 119 every 3.25 s.
    expect(result.goodput_bps).toBeCloseTo((8 * (20 * 100 + 380 * 119)) / 3.25, -2);
    expect(result.loss).toBe(0);
  });

  it('says null where nothing goes down', async () => {
    const { code, out, err } = await run('--stations 5 --traffic saturated --ack each --seeds 1 --json');
    expect(code).toBe(0);
    expect(JSON.parse(out).delay_down_ms).toEqual({ mean: null, p50: null, p90: null, p99: null });
    expect(err).toBe('--ack says nothing with --traffic saturated: all packets go up\n');
  });

  it('takes each condition seriously', async () => {
    const given = { stations: '40', seeds: '1', duration: '7s' };
    const lineOf = (flags: Record<string, string>) =>
      Object.entries(flags)
        .map(([flag, value]) => `--${flag} ${value}`)
        .join(' ');
    const others = [
      { stations: '41' },
      { payload: '500' },
      { rate: 'mcs1' },
      { slow: 'dsss1' },
      { neighbours: '0.3' },
      { aggregate: '' },
      { ack: 'each' },
      { duration: '8s' },
      { seed: '2' },
      { seeds: '2' },
    ];
    const results = new Map<string, string>();
    for (const other of [{}, ...others]) {
      const result = JSON.stringify(await figures(lineOf({ ...given, ...other })));
      expect([results.get(result), JSON.stringify(other)]).toEqual([undefined, JSON.stringify(other)]);
      results.set(result, JSON.stringify(other));
    }
    expect(results.has(JSON.stringify(await figures(lineOf(given))))).toBe(true);
    const saturated = { ...given, traffic: 'saturated', stations: '20' };
    expect(await figures(lineOf(saturated))).not.toEqual(await figures(lineOf({ ...saturated, 'board-tries': '7' })));
  });

  it('shows that the depth of the queue decides between delay and loss', async () => {
    const common = '--stations 100 --ack each --seeds 1';
    const [deep, linux, short] = [
      await figures(`${common} --ap-queue deep`),
      await figures(common),
      await figures(`${common} --ap-queue 500`),
    ];
    for (const { loss, delay_down_ms: delay } of [deep, linux]) {
      expect(loss).toBeLessThan(0.01);
      expect(delay.mean).toBeGreaterThan(500);
    }
    expect(short.loss).toBeGreaterThan(0.1);
    expect(short.delay_down_ms.mean).toBeLessThan(200);
  });

  it('prints figures for people', async () => {
    expect((await run('--stations 5 --seeds 1')).out).toMatch(/^goodput_bps +\d+\n.*\n.*\ndelay_down_ms +mean \d.*p99 \d/);
  });

  it('prints the comparison with its verdicts, and exits 1 with the list when a figure lies outside', async () => {
    const { code, out } = await run('--seeds 1 --seed 3 --json');
    const { ok, comparisons } = JSON.parse(out);
    expect(code).toBe(ok ? 0 : 1);
    expect(Object.keys(comparisons[0])).toEqual(['condition', 'figure', 'model', 'ns3', 'ratio', 'allowed', 'note']);
    expect(comparisons.some(({ figure }: { figure: string }) => figure === 'boards at which the cell collapses')).toBe(true);
  }, 120_000);
});
