import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../kernel/kernel.ts';
import { RandomStreams } from '../../../kernel/random.ts';
import { Medium } from './medium.ts';
import { Neighbour } from './neighbour.ts';

const SECONDS = 1_000_000;

function neighbour(burst = 1): { kernel: Kernel; medium: Medium; neighbour: Neighbour } {
  const kernel = new Kernel();
  const medium = new Medium(kernel);
  const streams = new RandomStreams(1);
  return { kernel, medium, neighbour: new Neighbour(kernel, medium, (purpose) => streams.stream(`neighbour/${purpose}`), burst) };
}

describe('a neighbour', () => {
  it.each([
    [0.1, 1],
    [0.3, 8],
    [0.6, 1],
    [0.6, 8],
  ])('takes %f of the air, with bursts of %i', async (share, burst) => {
    const { kernel, medium, neighbour: one } = neighbour(burst);
    one.setShare(share);
    await kernel.run(60 * SECONDS);
    expect(medium.busyUs / (60 * SECONDS)).toBeGreaterThan(0.95 * share);
    expect(medium.busyUs / (60 * SECONDS)).toBeLessThan(1.05 * share);
  });

  it('says nothing before it has a share, and after it has none', async () => {
    const { kernel, medium, neighbour: one } = neighbour();
    await kernel.run(1 * SECONDS);
    expect(medium.busyUs).toBe(0);
    one.setShare(0.5);
    await kernel.run(2 * SECONDS);
    one.setShare(0);
    await kernel.run(2.1 * SECONDS);
    const { busyUs } = medium;
    expect(busyUs).toBeGreaterThan(0.4 * SECONDS);
    await kernel.run(3 * SECONDS);
    expect(medium.busyUs).toBe(busyUs);
  });

  it('offers more than fits without taking more memory', async () => {
    const { kernel, neighbour: one } = neighbour();
    one.setShare(0.95);
    await kernel.run(20 * SECONDS);
    expect(one.radio.queueDrops).toBeGreaterThan(1000);
    expect(one.radio.queueMax).toBe(1000);
  });
});
