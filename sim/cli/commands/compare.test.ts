import { describe, expect, it } from 'vitest';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

function summary(connects: number): string {
  return JSON.stringify({ version: 1, scenario: 's', metrics: { connects, disconnects: 3, channel_availability: connects / 100 } });
}

function study(lossy: { mean: number; half: number }): string {
  const { mean, half } = lossy;
  const cells = [{ parameters: { 'link.loss': 0.1 }, metrics: { connects: { n: 10, mean, low: mean - half, high: mean + half } } }];
  return JSON.stringify({ version: 1, study: 's', cells });
}

it('runs are set side by side in a table, what is the same only counted', async () => {
  const files = scratch();
  const [a, b, c] = [10, 15, 5].map((connects) => files.write(`${connects}.json`, summary(connects)));
  const { exitCode, out } = await sim('compare', a, b, c);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/│ connects +│ 10 +│ 15 +│ \+5 +│ \+50 % +│/);
  expect(out).toMatch(/│ connects +│ 10 +│ 5 +│ −5 +│ −50 % +│/);
  expect(out).toMatch(/│ channel_availability +│ 10 % +│ 15 % +│ \+5 %/);
  expect(out).toContain('1 the same in both');
});

it('studies say whether a difference is more than noise, and --json says everything', async () => {
  const files = scratch();
  const [a, b, c] = [10, 10.5, 20].map((mean) => files.write(`${mean}.json`, study({ mean, half: 1 })));
  // The verdict stands in a narrow column.
  expect((await sim('compare', a, b)).out).toMatch(/may be +│/);
  expect((await sim('compare', a, c)).out).toMatch(/more than +│/);
  const { out } = await sim('compare', a, b, c, '--json');
  const verdicts = JSON.parse(out).comparisons.map(({ metrics }: { metrics: { moreThanNoise: boolean }[] }) => metrics[0].moreThanNoise);
  expect(verdicts).toEqual([false, true]);
});

it('scenarios and recordings are played, a run is the same as its recording', async () => {
  const files = scratch();
  const scenario = (loss: number): string => `version: 1\nname: s\nduration: 60s\nboards: { count: 3 }\nlink: { loss: ${loss} }\n`;
  const [good, bad] = [0, 0.2].map((loss) => files.write(`${loss}.yaml`, scenario(loss)));
  await sim('replay', bad, '--quiet', '--out', files.path('run'));
  const { out } = await sim('compare', files.path('run'), files.path('run/trace.jsonl'), good);
  const [same, other] = out.split(/^A /m).slice(1);
  expect(same).toMatch(/jsonl\n\d+ the same in both\n$/);
  expect(other).toMatch(/│ tcp_retransmits +│ \d+ +│ 0 +│/);
});

it('a recording that does not exist, and a scenario with a mistake, are refused', async () => {
  const files = scratch();
  const mistaken = files.write('mistaken.yaml', 'version: 1\nname: s\nduratoin: 60s\n');
  expect((await sim('compare', mistaken, mistaken)).err).toContain('mistaken.yaml:3:1');
  const { exitCode, err } = await sim('compare', files.path('none.jsonl'), mistaken);
  expect(exitCode).toBe(2);
  expect(err).toContain('none.jsonl: cannot be read');
});

it('what cannot be compared is refused', async () => {
  const files = scratch();
  const run = files.write('run.json', summary(1));
  for (const [words, message] of [
    [[run], 'compare: expected two or more runs, recordings or studies'],
    [[run, files.path('')], 'neither cells.json nor summary.json in it; expected the folder of a finished run or study'],
    [[run, files.path('none.json')], 'none.json: cannot be read'],
    [[run, files.write('a.json', '{')], 'a.json: not JSON'],
    [[run, files.write('b.json', '{"version":2}')], 'b.json: expected the summary.json of a run or the cells.json of a study'],
    [[run, files.write('c.json', study({ mean: 1, half: 1 }))], 'no cell with the same parameters and no metric in common'],
  ] as const) {
    const { exitCode, err } = await sim('compare', ...words);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  }
});

describe('--fail-on', () => {
  const availability = 'channel_availability -10%';

  it('ends with exit code 3 and a sentence first when something is worse than that, and with 0 when it is not', async () => {
    const files = scratch();
    const [a, b, c] = [50, 49, 40].map((connects) => files.write(`${connects}.json`, summary(connects)));
    const held = await sim('compare', a, b, '--fail-on', availability, '--fail-on', 'connects +10%');
    expect(held).toMatchObject({ exitCode: 0, err: '' });
    expect(held.out).toMatch(/^HELD: 2 comparisons of --fail-on\.\nA /);
    const failed = await sim('compare', a, b, c, '--fail-on', availability);
    expect(failed).toMatchObject({ exitCode: 3, err: '' });
    expect(failed.out.replace(/\n(?!A )/g, ' ')).toMatch(
      new RegExp(`^FAILED: channel_availability 40 %, was 50 %, −20 % \\(allowed: ${availability}\\) in \\S+40\\.json\\.\nA `),
    );
    expect((await sim('compare', c, a, '--fail-on', 'channel_availability -0')).exitCode).toBe(0);
  });

  it('says the same beside --json, where it is in the document too', async () => {
    const files = scratch();
    const [a, c] = [50, 40].map((connects) => files.write(`${connects}.json`, summary(connects)));
    const { exitCode, out, err } = await sim('compare', a, c, '--json', '--fail-on', availability);
    expect([exitCode, err]).toEqual([3, expect.stringMatching(/^FAILED: channel_availability 40 %/)]);
    expect(JSON.parse(out).comparisons[0].fail_on).toEqual([
      expect.objectContaining({ expr: availability, a: 0.5, b: 0.4, limit: 0.45, judgement: 'worse', parameters: {} }),
    ]);
    expect(JSON.parse((await sim('compare', a, c, '--json')).out).comparisons[0]).not.toHaveProperty('fail_on');
  });

  it('of studies fails on what is more than noise, cell by cell, and tells the rest', async () => {
    const files = scratch();
    const [a, b, c] = [10, 12, 20].map((mean) => files.write(`${mean}.json`, study({ mean, half: 2 })));
    const noise = await sim('compare', a, b, '--fail-on', 'connects +10%');
    expect(noise.exitCode).toBe(0);
    expect(noise.out.replace(/\n/g, ' ')).toMatch(
      /^HELD: 1 comparison of --fail-on\. May be noise: connects 12 with 0\.1, was 10, \+20 % /,
    );
    const worse = await sim('compare', a, c, '--fail-on', 'connects +10%');
    expect([worse.exitCode, worse.out]).toEqual([3, expect.stringMatching(/^FAILED: connects 20 with 0\.1, was 10, \+100 %/)]);
  });

  it('takes any number of a distribution', async () => {
    const files = scratch();
    const scenario = (loss: number): string => `version: 1\nname: s\nduration: 60s\nboards: { count: 3 }\nlink: { loss: ${loss} }\n`;
    const [good, bad] = [0, 0.2].map((loss) => files.write(`${loss}.yaml`, scenario(loss)));
    const { exitCode, out } = await sim(
      'compare',
      good,
      bad,
      '--fail-on',
      'p95(message_latency_ms) +50%',
      '--fail-on',
      'min(connect_ms) +10s',
    );
    expect(exitCode).toBe(3);
    expect(out).toMatch(/^FAILED: p95\(message_latency_ms\) /);
  });

  it.each([
    [
      'chanel_availability -1%',
      '--fail-on: "chanel_availability": there is no metric "chanel_availability"; the nearest is channel_availability',
    ],
    ['connects', '--fail-on: "connects": expected a metric and by how much it may be worse'],
    ['tcp_segments +1%', '--fail-on: "tcp_segments +1%": not among the metrics that both have; the nearest is '],
  ])('%j is refused', async (gate, message) => {
    const files = scratch();
    const run = files.write('run.json', summary(1));
    const { exitCode, out, err } = await sim('compare', run, run, '--fail-on', gate);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
