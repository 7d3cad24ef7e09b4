/** The currents of the profiles, put together again as what was measured of the whole. */
import { expect, it } from 'vitest';
import { main } from '../cli.ts';

interface Row {
  condition: string;
  figure: string;
  model: number;
  published: number;
  ratio: number;
}

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const code = await main(
    ['--energy', ...words],
    (text) => {
      said.out += text;
    },
    (text) => {
      said.err += text;
    },
  );
  return { code, ...said };
}

it('each of the 18 currents that ESP-IDF publishes comes out within 15 %, and falls as beacons get rarer and more is turned off', async () => {
  const { code, out } = await run('--json');
  const { comparisons }: { comparisons: Row[] } = JSON.parse(out);
  expect(code).toBe(0);
  expect(comparisons).toHaveLength(18);
  for (const { condition, figure, ratio } of comparisons) expect(Math.abs(ratio - 1), `${condition}, ${figure}`).toBeLessThan(0.15);
  const models = comparisons.map(({ model }) => model);
  // By chip: modes, the thriftier the later, each at DTIM 1, 3 and 10.
  for (const chip of [0, 9]) expect(models.slice(chip, chip + 9)).toEqual(models.slice(chip, chip + 9).sort((a, b) => b - a));
});

it('is a table for people, and takes no condition', async () => {
  const { code, out } = await run();
  expect(code).toBe(0);
  expect(out).toContain('No figure of 18 judged lies outside.');
  expect(await run('--rtt', '40ms')).toMatchObject({ code: 2, err: expect.stringContaining('unknown flag --rtt') });
});
