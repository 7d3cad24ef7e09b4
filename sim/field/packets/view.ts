/**
 * What a capture tells of a client if it was made at one end of its connections, the near one: when the far
 * end was silent, how long it took to answer, and what was lost on the way there and back.
 *
 * Where it was made shows only in the end, so that each client has a view from either end.
 */
import { BoardTrail, MIN_SILENCE_MS } from '../board-trail.ts';
import { LossTally } from './loss-tally.ts';
import { Samples } from './samples.ts';

/** Of one client; a fleet has those of all. */
const MAX_ROUND_TRIPS = 256;

/** Of one connection, and then of its client. */
export class Evidence {
  readonly losses = new LossTally();
  /** Since the far end was last heard: it counts only if that was no outage. */
  readonly pending = new LossTally();
  /** Round trips that nobody has put off, ms: handshakes of TCP, and pings. */
  readonly prompt = new Samples(MAX_ROUND_TRIPS);
  /** Of data and its acknowledgement, which may be delayed. */
  readonly acks = new Samples(MAX_ROUND_TRIPS);

  add({ losses, pending, prompt, acks }: Evidence): void {
    this.losses.add(losses);
    this.pending.add(pending);
    this.prompt.addAll(prompt);
    this.acks.addAll(acks);
  }

  /** @param isOutage that is over */
  heard(isOutage: boolean): void {
    if (!isOutage) this.losses.add(this.pending);
    this.pending.clear();
  }
}

export class View {
  readonly trail: BoardTrail;
  readonly evidence = new Evidence();

  constructor(id: string) {
    this.trail = new BoardTrail(id);
  }

  /** Of the far end. @param isAnswered nothing that the near end has said waits any longer */
  heard(atMs: number, isAnswered: boolean): void {
    this.evidence.heard(this.trail.quietMs(atMs) >= MIN_SILENCE_MS);
    if (isAnswered) this.trail.answered(atMs);
    else this.trail.heard(atMs);
  }
}
