import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { RandomStreams } from '../kernel/random.ts';
import { resolveHost } from './dns.ts';

/** Resolves, and says what came when, ms. */
async function resolve(
  host: string,
  loss: (nowMs: number) => number = () => 0,
  seed = 1,
  delayMs = 0,
): Promise<[found: boolean, atMs: number][]> {
  const kernel = new Kernel();
  const answers: [boolean, number][] = [];
  const random = () => new RandomStreams(seed).stream('dns');
  const lossRate = () => loss(kernel.nowUs / 1000);
  resolveHost(host, kernel, random, delayMs, lossRate, (found) => answers.push([found, kernel.nowUs / 1000]));
  await kernel.run(60_000_000);
  return answers;
}

describe('name resolution', () => {
  it('takes a query and its answer', async () => {
    expect(await resolve('relay.local')).toEqual([[true, 20]]);
  });

  it.for([
    [500, 1020],
    [1500, 2020],
    [2500, 4020],
  ])('asks again after 1, 2 and 4 s: a link that is dead for %d ms answers at %d ms', async ([deadMs, answeredMs]) => {
    expect(await resolve('relay.local', (nowMs) => (nowMs < deadMs ? 1 : 0))).toEqual([[true, answeredMs]]);
  });

  it('fails once, after 7 s, when no answer comes', async () => {
    expect(await resolve('relay.local', () => 1)).toEqual([[false, 7000]]);
    expect(await resolve('relay.local', (nowMs) => (nowMs < 5000 ? 1 : 0))).toEqual([[false, 7000]]);
  });

  it('loses a query when either packet is lost', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, seed) => resolve('relay.local', () => 0.3, seed)));
    const first = answers.filter(([[, atMs]]) => atMs === 20).length;
    expect(Math.abs(first / 1000 - 0.49)).toBeLessThan(4 * Math.sqrt(0.25 / 1000));
  });

  it('is late when the answer is, and fails after 7 s all the same', async () => {
    expect(await resolve('relay.local', () => 0, 1, 1500)).toEqual([[true, 1520]]);
    expect(await resolve('relay.local', () => 0, 1, 6979)).toEqual([[true, 6999]]);
    expect(await resolve('relay.local', () => 0, 1, 6980)).toEqual([[false, 7000]]);
    expect(await resolve('relay.local', (nowMs) => (nowMs < 500 ? 1 : 0), 1, 5000)).toEqual([[true, 6020]]);
  });

  it('of a name that cannot exist fails with the first answer', async () => {
    expect(await resolve('relay.invalid')).toEqual([[false, 20]]);
    expect(await resolve('relay.invalid', () => 1)).toEqual([[false, 7000]]);
  });
});
