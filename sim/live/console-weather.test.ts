/** What a console changes of links, on links that only remember their settings. */
import fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';
import { expect, it } from 'vitest';
import { createFaults } from '../scenario/faults.ts';
import type { Controls } from '../world/controls/controls.ts';
import { ConsoleWeather } from './console-weather.ts';

function createWorld() {
  const links = [0, 1, 2].map(() => {
    const settings = { lossRate: 0, latencyMs: 10 };
    return {
      settings,
      blackhole: false,
      change(changes: Partial<typeof settings>) {
        const before = Object.fromEntries(Object.keys(changes).map((key) => [key, settings[key as keyof typeof settings]]));
        Object.assign(settings, changes);
        return before;
      },
      setBlackhole(on: boolean) {
        this.blackhole = on;
      },
    };
  });
  const controls = { boardCount: links.length, link: (board: number) => links[board] } as unknown as Controls;
  const faults = createFaults(controls, () => {}, { scheduler: new VirtualTimeScheduler(), random: () => () => 0.5 });
  const weather = new ConsoleWeather(faults);
  const of = (board: number) => {
    const { lossRate, latencyMs, blackhole } = weather.boards()[board];
    return [lossRate, latencyMs, blackhole];
  };
  const blackout = (board: number) => faults.hold(`blackhole ${board}`, (on) => controls.link(board).setBlackhole(on));
  return { faults, weather, of, blackout };
}

it('changes one board or all, and undoes all of it', () => {
  const { weather, of } = createWorld();
  expect(weather.change(['board-2'], { lossRate: 0.3, blackhole: true })).toBe(true);
  expect(weather.change(null, { latencyMs: 200 })).toBe(true);
  expect([of(0), of(1)]).toEqual([
    [0, 200, false],
    [0.3, 200, true],
  ]);
  expect(weather.boards().map(({ isChanged }) => isChanged)).toEqual([true, true, true]);
  expect(weather.undo()).toBe(3);
  expect([of(0), of(1)]).toEqual([
    [0, 10, false],
    [0, 10, false],
  ]);
  expect(weather.undo()).toBe(0);
});

it('changes nothing when one of the ids is no virtual board', () => {
  const { weather, of } = createWorld();
  expect(weather.change(['board-1', 'laptop'], { lossRate: 0.3 })).toBe(false);
  expect(of(0)).toEqual([0, 10, false]);
});

it('comes on top of the scenario: a step that ends takes nothing of the console’s with it, and undone leaves the step’s', () => {
  const { weather, faults, of } = createWorld();
  const first = faults.changeLink(0, { lossRate: 0.1 });
  weather.change(['board-1'], { lossRate: 0.5 });
  first();
  expect(of(0)).toEqual([0.5, 10, false]);
  const second = faults.changeLink(0, { lossRate: 0.2, latencyMs: 90 });
  expect(of(0)).toEqual([0.2, 90, false]);
  weather.undo();
  expect(of(0)).toEqual([0.2, 90, false]);
  second();
  expect(of(0)).toEqual([0, 10, false]);
});

it('leaves a black hole of the scenario alone when its own is undone, and can end the scenario’s', () => {
  const { weather, blackout, of } = createWorld();
  const over = blackout(0);
  weather.change(null, { blackhole: true });
  weather.undo();
  expect([of(0)[2], of(1)[2]]).toEqual([true, false]);
  weather.change(['board-1'], { blackhole: false });
  expect([of(0)[2], weather.boards()[0].isChanged]).toEqual([false, false]);
  over();
  expect(of(0)[2]).toBe(false);
});

it('undone, leaves no trace, whatever was changed and whatever steps did meanwhile', () => {
  const change = fc.record(
    { lossRate: fc.double({ min: 0, max: 1 }), latencyMs: fc.nat(500), blackhole: fc.constant(true) },
    { requiredKeys: [] },
  );
  const act = fc.tuple(fc.constantFrom('console', 'step'), fc.nat(2), change);
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
      const { weather, faults, of } = createWorld();
      const steps: (() => void)[] = [];
      for (const [who, board, { blackhole: _, ...settings }] of acts) {
        if (who === 'step') steps.push(faults.changeLink(board, settings));
        else weather.change([`board-${board + 1}`], { ...settings, blackhole: true });
      }
      weather.undo();
      for (const end of steps) end();
      expect([of(0), of(1), of(2)]).toEqual([0, 1, 2].map(() => [0, 10, false]));
    }),
  );
});
