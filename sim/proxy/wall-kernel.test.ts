import { VirtualClock } from 'relay/testing/virtual-clock';
import { expect, it } from 'vitest';
import { WallKernel } from './wall-kernel.ts';

function fixture() {
  const clock = new VirtualClock();
  const kernel = new WallKernel(clock);
  const seen: [name: string, atUs: number][] = [];
  const at = (us: number, name: string) => kernel.schedule(us, { onEvent: () => seen.push([name, kernel.nowUs]) }, null);
  return { clock, kernel, seen, at };
}

it('delivers events when they are due, in order', async () => {
  const { clock, seen, at } = fixture();
  at(20_000, 'later');
  at(10_000, 'sooner');
  at(10_000, 'sooner too');
  await clock.advance(9);
  expect(seen).toEqual([]);
  await clock.advance(1);
  expect(seen).toEqual([
    ['sooner', 10_000],
    ['sooner too', 10_000],
  ]);
  await clock.advance(10);
  expect(seen.at(-1)).toEqual(['later', 20_000]);
});

it('late events keep the times that the model computes with', async () => {
  const { clock, seen, at } = fixture();
  at(1_000, 'a');
  at(2_000, 'b');
  await clock.stall(50);
  expect(seen).toEqual([
    ['a', 1_000],
    ['b', 2_000],
  ]);
});

it('what comes from outside finds the clock at now, after everything that is due', async () => {
  const { clock, kernel, seen, at } = fixture();
  await clock.advance(5);
  at(6_000, 'due');
  await clock.advance(0.5);
  kernel.enter(() => seen.push(['outside', kernel.nowUs]));
  expect(seen).toEqual([['outside', 5_500]]);
});

it('keeps one timer for all events, and none when there is nothing to do or it is closed', async () => {
  const { clock, kernel, seen, at } = fixture();
  expect(clock.pending).toBe(0);
  for (let i = 1; i <= 100; i++) at(i * 1_000, `event ${i}`);
  expect(clock.pending).toBe(1);
  await clock.advance(100);
  expect([seen.length, clock.pending]).toEqual([100, 0]);
  at(200_000, 'never');
  kernel.close();
  await clock.advance(200);
  expect([seen.length, clock.pending]).toEqual([100, 0]);
});

it('an event that throws does not stop the clock for the others', async () => {
  const { kernel, clock, seen, at } = fixture();
  expect(() =>
    kernel.enter(() => {
      throw new Error('a bug');
    }),
  ).toThrow('a bug');
  at(1_000, 'next');
  await clock.advance(1);
  expect(seen).toEqual([['next', 1_000]]);
});
