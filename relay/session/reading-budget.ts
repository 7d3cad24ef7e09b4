/**
 * How much of what clients say is dealt with in one turn of the event loop, counted in deliveries: a message
 * costs as many as it has receivers. Without a bound one client that says much at once, within its rate,
 * would keep everybody else waiting for as long as it takes to hand that on.
 *
 * Whoever has used up its share, or finds nothing left, is not read on, so TCP holds it back; in the next
 * turn those who wait go on one after the other, each with an equal share, before what is new. Counts, not
 * time: what is done in a turn is the same on every computer.
 */
import type { Clock } from 'hal';

/** In one turn. Some 30 ms, half of it for the writes at its end, to a thousand clients on a small server. */
const MAX_DELIVERIES = 65_536;
/** Of one client, so that two find room. */
const MAX_OF_CLIENT = 32_768;

/** Who is read. */
export interface Read {
  /** The turn in which it was read last, and the deliveries that this has cost. Kept by the budget. */
  turn: number;
  spent: number;
  /** Its turn has come. */
  readOn(): void;
}

export class ReadingBudget {
  private readonly clock: Clock;
  private readonly afterTurn: (turnOnEnd: () => void) => void;
  private readonly deliveries: () => number;
  /** Longest waiting first. */
  private readonly waiting = new Set<Read>();
  private turn = 1;
  private left = MAX_DELIVERIES;
  private share = MAX_OF_CLIENT;
  private isEndDue = false;

  /**
   * @param afterTurn calls back when the turn is over
   * @param deliveries of a message, as things are now
   */
  constructor(clock: Clock, afterTurn: (turnOnEnd: () => void) => void, deliveries: () => number) {
    this.clock = clock;
    this.afterTurn = afterTurn;
    this.deliveries = deliveries;
  }

  get nowMs(): number {
    return this.clock.now();
  }

  /** How many frames of this client may be dealt with now. 0: none, it waits for `readOn`. */
  framesFor(client: Read): number {
    if (client.turn !== this.turn) {
      client.turn = this.turn;
      client.spent = 0;
    }
    const left = Math.min(this.share - client.spent, this.left);
    if (left > 0) return Math.max(1, Math.floor(left / (1 + this.deliveries())));
    this.waiting.add(client);
    this.awaitEnd();
    return 0;
  }

  /** A frame of this client was dealt with. */
  spend(client: Read, isMessage: boolean): void {
    const cost = isMessage ? 1 + this.deliveries() : 1;
    client.spent += cost;
    this.left -= cost;
    this.awaitEnd();
  }

  /** It waits no more. */
  forget(client: Read): void {
    this.waiting.delete(client);
  }

  private awaitEnd(): void {
    if (this.isEndDue) return;
    this.isEndDue = true;
    this.afterTurn(this.turnOnEnd);
  }

  private readonly turnOnEnd = (): void => {
    this.isEndDue = false;
    this.turn++;
    this.left = MAX_DELIVERIES;
    const waiting = [...this.waiting];
    this.share = Math.min(MAX_OF_CLIENT, Math.ceil(MAX_DELIVERIES / waiting.length));
    for (const client of waiting) {
      if (this.left <= 0) break;
      this.waiting.delete(client);
      client.readOn();
    }
    this.share = MAX_OF_CLIENT;
    if (this.waiting.size > 0) this.awaitEnd();
  };
}
