/**
 * The faults that steps hold on a world. A step that ends must undo what it did and no more, whatever other steps did meanwhile.
 *
 * So nothing is switched off directly: a fault is in force as long as somebody holds it, and link settings are layers over what the link was.
 * What cannot be undone (a reset) passes straight through.
 */
import type { Expectation } from '../measure/expectations.ts';
import type { WorldControls } from './controls.ts';
import type { LinkSettings } from './scenario.ts';

/** Ends what was begun. To be called at most once. */
export type Undo = () => void;

export type Expect = (boards: readonly number[], expectation: Expectation) => void;

interface LinkLayers {
  /** What the link was, as far as any layer ever changed it. */
  base: Partial<LinkSettings>;
  layers: Partial<LinkSettings>[];
}

export class Faults {
  readonly #controls: WorldControls;
  readonly #holders = new Map<string, number>();
  readonly #links = new Map<number, LinkLayers>();
  /** Of these boards something is expected from now on. No fault, but a step like the others. */
  readonly expect: Expect;

  constructor(controls: WorldControls, expect: Expect) {
    this.#controls = controls;
    this.expect = expect;
  }

  blackhole(board: number): Undo {
    return this.#hold(`blackhole ${board}`, (on) => this.#controls.setBlackhole(board, on));
  }

  accessPointDown(): Undo {
    return this.#hold('access point', (down) => this.#controls.setAccessPoint(!down));
  }

  passwordChanged(): Undo {
    return this.#hold('password', (on) => this.#controls.setPasswordChanged(on));
  }

  resolverDown(board: number): Undo {
    return this.#hold(`resolver ${board}`, (down) => this.#controls.setResolver(board, !down));
  }

  relayDown(): Undo {
    return this.#hold('relay', (down) => this.#controls.setRelay(!down));
  }

  relayHung(): Undo {
    return this.#hold('relay hang', (on) => this.#controls.setRelayHung(on));
  }

  powerLost(board: number): Undo {
    return this.#hold(`power ${board}`, (off) => this.#controls.setPower(board, !off));
  }

  /** Of two changes to the same setting the one that began later counts. */
  changeLink(board: number, settings: Partial<LinkSettings>): Undo {
    const link = this.#links.get(board) ?? { base: {}, layers: [] };
    this.#links.set(board, link);
    const previous = this.#controls.setLink(board, settings);
    link.base = { ...previous, ...link.base };
    link.layers.push(settings);
    return () => {
      link.layers.splice(link.layers.indexOf(settings), 1);
      this.#controls.setLink(board, Object.assign({}, link.base, ...link.layers));
    };
  }

  resetBoard(board: number): void {
    this.#controls.resetBoard(board);
  }

  clientBurst(messages: number, bytes: number): void {
    this.#controls.clientBurst(messages, bytes);
  }

  burst(board: number, messages: number, bytes: number): void {
    this.#controls.burst(board, messages, bytes);
  }

  /** @param epochMs ms since 1970; null: as at power-on */
  setClock(board: number, epochMs: number | null): void {
    this.#controls.setClock(board, epochMs);
  }

  resetConnections(board: number): void {
    this.#controls.resetConnections(board);
  }

  deauthenticate(board: number, reason: number): void {
    this.#controls.deauthenticate(board, reason);
  }

  roam(board: number): void {
    this.#controls.roam(board);
  }

  #hold(fault: string, set: (on: boolean) => void): Undo {
    const holders = this.#holders.get(fault) ?? 0;
    this.#holders.set(fault, holders + 1);
    if (holders === 0) set(true);
    return () => {
      const left = (this.#holders.get(fault) ?? 0) - 1;
      this.#holders.set(fault, left);
      if (left === 0) set(false);
    };
  }
}
