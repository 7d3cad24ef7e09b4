/**
 * What this node has said, numbered, kept until all other nodes say that they heard it: a backplane may lose
 * what is published, as when it restarts, and then it is published again.
 */
import { encodeMessages } from './notes.ts';

/** Memory for what not all have heard, bytes: half a minute of 1,000 messages of 256 bytes a second. */
export const MAX_UNHEARD_BYTES = 8 * 1024 ** 2;
/** Said again at most so much at once: a node that is far behind catches up in some beats. */
const MAX_AGAIN_BYTES = 1024 ** 2;
/** What was sent this long ago and is still not heard is lost. */
const LOST_AFTER_MS = 1_000;

interface Batch {
  seq: number;
  bytes: Buffer;
  /** -Infinity: never. */
  sentAtMs: number;
}

export class Outgoing {
  /** Of the last batch. */
  seq = 0;
  heldBytes = 0;
  private readonly boot: string;
  private readonly publish: (bytes: Buffer) => void;
  private batches: Batch[] = [];

  constructor(boot: string, publish: (bytes: Buffer) => void) {
    this.boot = boot;
    this.publish = publish;
  }

  /** The first that can still be had. */
  get oldest(): number {
    return this.batches[0]?.seq ?? this.seq + 1;
  }

  /** @param body of encodeSaid @param isUp else it goes out when the backplane is back */
  send(body: readonly Buffer[], isUp: boolean, nowMs: number): void {
    const oldest = this.oldest;
    const bytes = encodeMessages({ boot: this.boot, seq: ++this.seq, oldest }, body);
    this.heldBytes += bytes.length;
    this.batches.push({ seq: this.seq, bytes, sentAtMs: isUp ? nowMs : -Infinity });
    if (isUp) this.publish(bytes);
  }

  /** Somebody has heard up to `heard`, and not what came after it. */
  sayAgain(heard: number, nowMs: number): void {
    let bytes = 0;
    for (const batch of this.batches) {
      if (batch.seq <= heard || nowMs - batch.sentAtMs < LOST_AFTER_MS) continue;
      if (bytes > 0 && bytes + batch.bytes.length > MAX_AGAIN_BYTES) return;
      bytes += batch.bytes.length;
      batch.sentAtMs = nowMs;
      this.publish(batch.bytes);
    }
  }

  /** All have heard these. */
  forget(heard: number): void {
    let count = 0;
    for (; count < this.batches.length && this.batches[count].seq <= heard; count++) this.heldBytes -= this.batches[count].bytes.length;
    if (count > 0) this.batches.splice(0, count);
  }
}
