import { concatMap, delay, interval, map, of, take, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Kernel } from './kernel.ts';
import { WorldScheduler } from './scheduler.ts';

function makeWorld() {
  const kernel = new Kernel();
  const scheduler = new WorldScheduler(kernel);
  return { kernel, scheduler, run: (ms: number) => kernel.run(ms * 1000) };
}

describe('the RxJS scheduler of a world', () => {
  it('fires a timer at its virtual time', async () => {
    const { kernel, scheduler, run } = makeWorld();
    const seen: number[] = [];
    timer(1500, scheduler).subscribe(() => seen.push(kernel.nowUs));
    await run(1499);
    expect(seen).toEqual([]);
    await run(10_000);
    expect(seen).toEqual([1_500_000]);
  });

  it('repeats an interval without drift', async () => {
    const { scheduler, run } = makeWorld();
    const seen: number[] = [];
    interval(100, scheduler).subscribe(() => seen.push(scheduler.now()));
    await run(1000);
    expect(seen).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  it('keeps a first delay apart from the period', async () => {
    const { scheduler, run } = makeWorld();
    const seen: number[] = [];
    timer(5, 20, scheduler).subscribe(() => seen.push(scheduler.now()));
    await run(50);
    expect(seen).toEqual([5, 25, 45]);
  });

  it('stops at once when it is unsubscribed, also from within', async () => {
    const { kernel, scheduler, run } = makeWorld();
    const seen: string[] = [];
    const outside = interval(100, scheduler).subscribe(() => seen.push(`outside ${scheduler.now()}`));
    interval(100, scheduler)
      .pipe(take(2))
      .subscribe(() => seen.push(`inside ${scheduler.now()}`));
    await run(150);
    outside.unsubscribe();
    const before = kernel.eventCount;
    await run(10_000);
    expect(seen).toEqual(['outside 100', 'inside 100', 'inside 200']);
    expect(kernel.eventCount - before).toBeLessThanOrEqual(2); // nothing goes on ticking
  });

  it('runs what is due together in the order of subscription', async () => {
    const { scheduler, run } = makeWorld();
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c']) timer(10, scheduler).subscribe(() => seen.push(name));
    await run(10);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('never runs work from within the call that schedules it', async () => {
    const { scheduler, run } = makeWorld();
    const seen: string[] = [];
    scheduler.schedule(() => seen.push('work'));
    seen.push('scheduled');
    await run(0);
    expect(seen).toEqual(['scheduled', 'work']);
  });

  it('carries operators that wait', async () => {
    const { scheduler, run } = makeWorld();
    const seen: string[] = [];
    of('a', 'b')
      .pipe(
        concatMap((name) => of(name).pipe(delay(100, scheduler))),
        map((name) => `${name} ${scheduler.now()}`),
      )
      .subscribe((text) => seen.push(text));
    await run(1000);
    expect(seen).toEqual(['a 100', 'b 200']);
  });

  it('does not run work whose subscription has ended', async () => {
    const { scheduler, run } = makeWorld();
    let ran = false;
    const subscription = scheduler.schedule(() => {
      ran = true;
    }, 10);
    subscription.unsubscribe();
    await run(1000);
    expect(ran).toBe(false);
  });

  it('runs work that is scheduled again before it is due at the later time only', async () => {
    const { scheduler, run } = makeWorld();
    const seen: number[] = [];
    scheduler.schedule<number>(function (state = 0) {
      seen.push(scheduler.now());
      if (state > 0) return;
      this.schedule(1, 10);
      this.schedule(1, 25);
    });
    await run(1000);
    expect(seen).toEqual([0, 25]);
  });
});
