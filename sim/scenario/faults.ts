/**
 * The faults that steps hold on a world. A step that ends must undo what it did and no more, whatever other
 * steps did meanwhile.
 *
 * So what can be undone is not switched off directly: a fault is in force as long as somebody holds it, and
 * link settings are layers over what the link was.
 */
import type { SchedulerLike } from '../kernel/rx.ts';
import type { Expectation } from '../measure/expectations.ts';
import type { ProxyControls } from '../world/controls/controls.ts';
import type { LinkSettings } from './scenario.ts';

/** Ends what was begun. To be called at most once. */
export type Undo = () => void;

export type Expect = (boards: readonly number[], expectation: Expectation) => void;

/** What a step moves the world by. */
export interface Faults<C> {
  /** For what cannot be undone. */
  readonly controls: C;
  /**
   * Begins a fault unless another step holds it already; it ends when nobody holds it any more. @param fault
   * names it, its board included
   */
  hold(fault: string, set: (on: boolean) => void): Undo;
  /**
   * Puts settings over what something was. Of two changes to the same setting the one that began later
   * counts.
   * @param what names it @param change changes settings, and says what they were
   */
  layer<S extends object>(what: string, settings: S, change: (settings: S) => S): Undo;
  /** The same of a link. */
  changeLink(board: number, settings: Partial<LinkSettings>): Undo;
  /** Milliseconds of the world. */
  now(): number;
  /** Calls back after so long, unless that is undone before. */
  later(ms: number, act: () => void): Undo;
  /**
   * Numbers uniform over [0, 1), of a stream that nobody else draws from. @param purpose a part of its name
   */
  random(purpose: string): () => number;
  /** Of these boards something is expected from now on. No fault, but a step like the others. */
  readonly expect: Expect;
}

interface Layers {
  /** What it was, as far as any layer ever changed it. */
  base: object;
  layers: object[];
}

/** Time and chance of the world that is moved. */
export interface Chance {
  /** Counts the world's milliseconds. */
  scheduler: SchedulerLike;
  /** The random stream of that name, from its beginning: numbers uniform over [0, 1). */
  random(name: string): () => number;
}

export function createFaults<C extends Pick<ProxyControls, 'link'>>(controls: C, expect: Expect, chance: Chance): Faults<C> {
  const streams = new Map<string, number>();
  const holders = new Map<string, number>();
  const layered = new Map<string, Layers>();
  const layer = <S extends object>(what: string, settings: S, change: (settings: S) => S): Undo => {
    const all = layered.get(what) ?? { base: {}, layers: [] };
    layered.set(what, all);
    const own = { ...settings };
    all.base = { ...change(own), ...all.base };
    all.layers.push(own);
    return () => {
      all.layers.splice(all.layers.indexOf(own), 1);
      change(Object.assign({}, all.base, ...all.layers));
    };
  };
  return {
    controls,
    expect,
    hold(fault, set) {
      const before = holders.get(fault) ?? 0;
      holders.set(fault, before + 1);
      if (before === 0) set(true);
      return () => {
        const left = (holders.get(fault) ?? 0) - 1;
        holders.set(fault, left);
        if (left === 0) set(false);
      };
    },
    layer,
    now: () => chance.scheduler.now(),
    later(ms, act) {
      const waiting = chance.scheduler.schedule(act, ms);
      return () => waiting.unsubscribe();
    },
    random(purpose) {
      const count = (streams.get(purpose) ?? 0) + 1;
      streams.set(purpose, count);
      return chance.random(`${purpose}-${count}`);
    },
    changeLink: (board, settings) => layer(`link ${board}`, settings, (some) => controls.link(board).change(some)),
  };
}
