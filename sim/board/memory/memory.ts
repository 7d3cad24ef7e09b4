/**
 * A board's memory: what its program holds, and what the network takes beside it, from the numbers of its
 * profile. When something does not fit the board is reset.
 *
 * Counted are the program as it is built, messages that wait in the outbox or are given to the app, open
 * sockets and TLS sessions, and leaks. Not modelled: what an app keeps for itself, fragments (a block that is
 * free and too small in pieces), bytes that wait for TCP, and platforms that refuse what does not fit and
 * live on. What the firmware is told of such a reset is `unknown`, as on a board.
 */
import type { Handler } from '../../kernel/queue.ts';
import type { Timeline } from '../../kernel/timeline.ts';

/** Bytes, unless it says otherwise. */
export interface MemoryFacts {
  /** For the program and what it holds. */
  readonly programBytes: number;
  /** For sockets and TLS, once Wi-Fi runs. */
  readonly networkBytes: number;
  /**
   * What stands for one of Espruino's variables, in which programs are counted (firmware/build/variables.ts).
   */
  readonly variableBytes: number;
  /** A message in the program's hands, beside its characters. */
  readonly messageBytes: number;
  /** One of its characters. */
  readonly characterBytes: number;
  /** An open socket. */
  readonly socketBytes: number;
  /** A TLS session over it. */
  readonly tlsBytes: number;
}

/**
 * What the kit's reference app holds with its channel open, by the build's own count: `npx tsx firmware build
 * --app firmware/apps/sos.ts`.
 */
const SOS_VARIABLES = 2_524;

/** Where memory has no end. */
const ENDLESS_BYTES = 1_000_000_000;
const US_PER_S = 1_000_000;

/** How much more a program keeps with every second. */
export interface Leak {
  readonly bytesPerS: number;
}

const NO_LEAK: Leak = { bytesPerS: 0 };

export class BoardMemory implements Handler {
  private readonly facts: MemoryFacts | null;
  private readonly timeline: Timeline;
  private readonly onFull: (what: string, missingBytes: number) => void;
  private program = 0;
  private network = 0;
  private outbox = 0;
  private leak = NO_LEAK;
  /** A second of a leak is under way. */
  private leaking = false;
  /** Nothing runs, or there was no room. */
  private over = true;
  /** The least that was free at any time, of the program's and the network's the smaller. */
  leastFreeBytes = Infinity;

  /** @param facts null: without end @param onFull once, until the next reset: for what there is no room */
  constructor(facts: MemoryFacts | null, timeline: Timeline, onFull: (what: string, missingBytes: number) => void) {
    this.facts = facts;
    this.timeline = timeline;
    this.onFull = onFull;
  }

  /** The program and all that it held is gone. */
  lose(): void {
    this.over = true;
  }

  /** The program begins. */
  begin(): void {
    this.over = false;
    this.outbox = 0;
    if (this.facts === null) return;
    this.program = this.facts.programBytes;
    this.network = this.facts.networkBytes;
    this.take(SOS_VARIABLES * this.facts.variableBytes, 'program');
  }

  /** For the program. */
  get freeBytes(): number {
    return this.facts === null ? ENDLESS_BYTES : Math.max(1, Math.floor(this.program));
  }

  /** @returns what it takes, to be given back when it is closed */
  openSocket(tls: boolean): number {
    if (this.facts === null) return 0;
    const bytes = this.facts.socketBytes + (tls ? this.facts.tlsBytes : 0);
    this.network -= bytes;
    this.look(this.network, tls ? 'tls' : 'socket');
    return bytes;
  }

  closeSocket(bytes: number): void {
    this.network += bytes;
  }

  /** What firmware says (firmware/events.ts), of its messages among others. @param bytes of one */
  onMessage(event: string, bytes: number): void {
    const { facts } = this;
    if (facts === null) return;
    if (event === 'message.received') {
      // Until the app has looked at it.
      const held = facts.messageBytes + bytes * facts.characterBytes;
      this.take(held, 'message');
      this.program += held;
    } else if (event === 'message.sent') {
      this.outbox++;
      this.take(facts.messageBytes + bytes * facts.characterBytes, 'outbox');
    } else if (event === 'message.written' && this.outbox > 0) {
      this.outbox--;
      this.program += facts.messageBytes + bytes * facts.characterBytes;
    }
  }

  /** From now on, and through resets. @returns what it was before */
  setLeak(leak: Leak): Leak {
    const before = this.leak;
    this.leak = leak;
    if (!this.leaking && leak.bytesPerS > 0) this.awaitLeak();
    return before;
  }

  onEvent(): void {
    this.leaking = false;
    if (this.leak.bytesPerS === 0) return;
    if (this.facts !== null && !this.over) this.take(this.leak.bytesPerS, 'leak');
    this.awaitLeak();
  }

  private awaitLeak(): void {
    this.leaking = true;
    this.timeline.schedule(this.timeline.nowUs + US_PER_S, this, null);
  }

  private take(bytes: number, what: string): void {
    this.program -= bytes;
    this.look(this.program, what);
  }

  private look(free: number, what: string): void {
    if (this.over) return;
    if (free < this.leastFreeBytes) this.leastFreeBytes = Math.max(0, Math.floor(free));
    if (free >= 0) return;
    this.over = true;
    this.onFull(what, Math.ceil(-free));
  }
}
