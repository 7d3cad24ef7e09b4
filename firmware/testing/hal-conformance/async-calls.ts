/**
 * What the state machines of Babel's regenerator (7.29) run on, in the engine: the part of its own helper
 * that async functions need. That helper itself loses exceptions under Espruino. A machine is called again
 * and again with an `AsyncCall`, at the place `n`, and returns what it waits for.
 *
 * Not modelled: generators, and `yield*`.
 */
type Machine = (call: AsyncCall) => unknown;
/**
 * Places in the machine: of `try`, `catch`, `finally` and what follows; then how and with what that `finally`
 * was entered, once it was.
 */
type TryBlock = [start: number, catchAt?: number, finallyAt?: number, after?: number, kind?: number, value?: unknown];

/** How a statement is left, as the compiler counts it. */
const THROW = 1;
const RETURN = 2;
const JUMP = 3;
/** What a machine returns when it does not wait. */
const GO_ON = {};

class AsyncCall {
  /** Where the machine is, and where it goes on. */
  p: number = 0;
  n: number = 0;
  /** What was waited for, or caught. */
  v: unknown = undefined;
  private ended: boolean = false;
  private readonly machine: Machine;
  private readonly blocks: TryBlock[];
  private readonly resolve: (value: unknown) => void;
  private readonly reject: (error: unknown) => void;

  constructor(machine: Machine, blocks: TryBlock[], resolve: (value: unknown) => void, reject: (error: unknown) => void) {
    this.machine = machine;
    this.blocks = blocks;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Until it waits, or has ended. */
  go(): void {
    let awaited: unknown = GO_ON;
    while (awaited === GO_ON && !this.ended) {
      try {
        awaited = this.machine(this);
      } catch (error) {
        this.a(THROW, error);
      }
    }
    if (!this.ended) this.wait(awaited);
  }

  /**
   * Leaves the statement at `p`. The innermost `catch` or `finally` around it that this concerns comes first.
   */
  a(kind: number, value: unknown): unknown {
    for (const block of this.blocks) {
      const [start, catchAt, finallyAt] = block;
      if (start > this.p) continue;
      if (kind === THROW && catchAt !== undefined && this.p < catchAt) {
        this.v = value;
        this.n = catchAt;
        return GO_ON;
      }
      const within = kind === JUMP && (value as number) >= start && (value as number) <= (finallyAt ?? 0);
      if (finallyAt !== undefined && this.p < finallyAt && !within) {
        block[4] = kind;
        block[5] = value;
        this.n = finallyAt;
        return GO_ON;
      }
    }
    if (kind === JUMP) this.n = value as number;
    else this.end(kind, value);
    return GO_ON;
  }

  /** The end of the `finally` at a place: what led into it goes on. */
  f(finallyAt: number): unknown {
    for (const block of this.blocks) {
      if (block[2] !== finallyAt) continue;
      const kind = block[4];
      block[4] = undefined;
      return kind === undefined ? this.a(JUMP, block[3]) : this.a(kind, block[5]);
    }
    throw new Error(`no finally at ${finallyAt}`);
  }

  private wait(awaited: unknown): void {
    Promise.resolve(awaited).then(
      (value) => {
        this.v = value;
        this.go();
      },
      (error) => {
        this.a(THROW, error);
        this.go();
      },
    );
  }

  private end(kind: number, value: unknown): void {
    this.ended = true;
    if (kind === RETURN) this.resolve(value);
    else this.reject(value);
  }
}

function callMachine(machine: Machine, _name: unknown, self: unknown, blocks: TryBlock[] = []): Promise<unknown> {
  return new Promise((resolve, reject) => new AsyncCall((call) => machine.call(self, call), blocks, resolve, reject).go());
}

/** Under the names of Babel's helpers, by which the machines know them. */
const globals = globalThis as unknown as { regenerator: unknown; asyncToGenerator: unknown };
globals.regenerator = () => ({ w: callMachine, m: (start: unknown) => start });
globals.asyncToGenerator = (start: unknown) => start;
