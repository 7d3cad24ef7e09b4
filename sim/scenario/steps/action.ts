/** What a step of a scenario can do. One action a file beside this one, and one line in index.ts. */

import type { DnsSettings } from '../../board/names/resolver.ts';
import type { Draw } from '../../kernel/draw.ts';
import { type Field, whole } from '../../kernel/fields.ts';
import type { BalancerSettings } from '../../net/balancer/settings.ts';
import { CHANNEL_NUMBERS } from '../../net/wifi/shared-air.ts';
import type { Controls, ProxyControls } from '../../world/controls/controls.ts';
import type { Faults, Undo } from '../faults.ts';
import type { FleetGroup } from '../scenario.ts';
import { MAX_APS } from '../settings.ts';

/** Values of an action's parameters by name, as its fields read them. */
export type Parameters = Record<string, unknown>;

/** The groups of a scenario, and the boards that begin in each. */
export interface StepFleet {
  fleet: readonly FleetGroup[];
  membersOf(group: string): readonly number[];
}

interface Among {
  membersOf(group: string): readonly number[];
  eligible(board: number): boolean;
}

/** @template C what it moves the world by */
export interface ActionOn<C> {
  /** As scenario files name it. */
  action: string;
  /** One sentence, for docs and for editors. */
  about: string;
  /** Whether it acts on the boards that `boards:` picks; else a step must not say `boards:`. */
  targeted: boolean;
  /**
   * `never`: it is over at once, so a step must not say `for:`. A number: it ends after so many ms unless
   * `for:` says otherwise.
   */
  lasts: 'until-undone' | 'never' | number;
  /** What a step may say besides `at`, `action`, `boards`, `for`, `every` and `times`. */
  parameters: Record<string, Field<unknown>>;
  /** Of its parameters those that a file may have over time, with `csv` among them. Left out: none. */
  columns?: readonly string[];
  /** What is wrong with the parameters as a whole, or null. */
  check?(parameters: Parameters): string | null;
  /** What is wrong with them in this fleet, or null. @param boards indices of all that its target may mean */
  checkFleet?(parameters: Parameters, boards: readonly number[], fleet: StepFleet): string | null;
  /** Of whom its target is taken; left out: of all boards, and of those that run a group's firmware now. */
  among?: (controls: C, parameters: Parameters) => Among;
  /** What it does, as the end of a sentence: `packets vanish`. */
  describe(parameters: Parameters): string;
  /**
   * The parameters of a fuzzed step, as a document has them. Left out: the fuzzer does not use this action.
   * @param groups of the fleet, none without one
   */
  draw?(draw: Draw, groups: readonly string[]): Record<string, unknown>;
  /** Whether it means nothing where all boards are alike. */
  needsFleet?: true;
  /** Whether it means nothing where each board has an air of its own. */
  needsSharedAir?: true;
  /** Whether it means nothing without TLS. */
  needsTls?: true;
  /** Whether it changes a balancer before the relay, which is then there from the start. */
  needsBalancer?: true;
  /** Called once before the run begins if a step has this action. */
  prepare?: (controls: C) => void;
  /** `boards` are 0-based indices, empty for an action that is not targeted. */
  apply: (faults: Faults<C>, boards: readonly number[], parameters: Parameters) => Undo;
}

/** One that `sim proxy` can play between real machines too. */
export interface ProxyAction extends ActionOn<ProxyControls> {
  /** What it does there, a sentence without its end, for the docs. */
  proxy: string;
}

/** One that needs hands on a board, its station or the relay's network. */
interface WorldAction extends ActionOn<Controls> {
  proxy?: undefined;
}

export type Action = WorldAction | ProxyAction;

/** Undoes what was done to each of the boards. */
export function onEach(boards: readonly number[], act: (board: number) => Undo): Undo {
  const undos = boards.map(act);
  return () => {
    for (const undo of undos) undo();
  };
}

/** An access point, counted from 1. Whether it exists, resolve-steps.ts says. */
export const apField = whole(1, MAX_APS);

/** Of a channel of the air. */
export const channelField: Field<number> = {
  expected: `one of ${CHANNEL_NUMBERS.join(', ')}`,
  read: (value) => CHANNEL_NUMBERS.find((one) => one === value) ?? null,
  write: (value) => value,
  jsonSchema: { enum: CHANNEL_NUMBERS },
};

/** 0-based indices of the access point of that number, or of all. */
export function apsOf({ accessPointCount }: Pick<ProxyControls, 'accessPointCount'>, ap: unknown): number[] {
  return ap === undefined ? Array.from({ length: accessPointCount }, (_, index) => index) : [(ap as number) - 1];
}

/** Whether a board's station is with the access point of that number; with any, when it is not given. */
export function isOnAp(controls: Pick<ProxyControls, 'board'>, ap: unknown): (board: number) => boolean {
  return (board) => ap === undefined || controls.board(board).accessPoint === (ap as number) - 1;
}

/** Puts settings over those of the balancer, which is there when an action needs it. */
export function changeBalancer({ controls, layer }: Faults<ProxyControls>, settings: Partial<BalancerSettings>): Undo {
  const { balancer } = controls;
  if (balancer === null) throw new Error('a step for a balancer, and there is none');
  return layer('balancer', settings, (some) => balancer.change(some));
}

/** Puts settings over what the boards' name server says. */
export function changeDns({ controls, layer }: Faults<Controls>, boards: readonly number[], settings: Partial<DnsSettings>): Undo {
  return onEach(boards, (board) => layer(`dns ${board}`, settings, (some) => controls.board(board).changeDns(some)));
}

export function nothingToUndo(): void {}
