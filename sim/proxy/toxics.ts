/**
 * The toxics that are in force, by name, in the order in which they were added. Plain data: what they do to a
 * connection begins in connection.ts.
 */
import type { Attributes } from './toxic-types.ts';

export type StreamName = 'upstream' | 'downstream';

/** A device by its number (1 is the first that connected) or its address. */
export type Target = number | string;

export interface Toxic {
  readonly name: string;
  readonly type: string;
  /** From the device to the relay, or back. */
  readonly stream: StreamName;
  /** Chance that a connection has it, 0 to 1, drawn once for each. */
  readonly toxicity: number;
  readonly attributes: Attributes;
  /** Empty: every device. */
  readonly devices: readonly Target[];
}

/** Each one is a rule that every packet meets. */
export const MAX_TOXICS = 64;

export class Toxics {
  private readonly byName = new Map<string, Toxic>();
  private readonly onChange: () => void;

  /** @param onChange called after every change */
  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  get all(): Toxic[] {
    return [...this.byName.values()];
  }

  get isFull(): boolean {
    return this.byName.size >= MAX_TOXICS;
  }

  get(name: string): Toxic | undefined {
    return this.byName.get(name);
  }

  /** Adds it, or puts it in the place of the one that has its name, from whose beginnings nothing stays. */
  set(toxic: Toxic): void {
    this.byName.set(toxic.name, toxic);
    this.onChange();
  }

  delete(name: string): void {
    if (this.byName.delete(name)) this.onChange();
  }

  clear(): void {
    this.byName.clear();
    this.onChange();
  }
}
