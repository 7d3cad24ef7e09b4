/**
 * What one end of a client's connections sends: messages and pings, their sizes and how far apart they are.
 */
import { Samples } from './samples.ts';

const MAX_SAMPLES = 64;

export class Traffic {
  messages = 0;
  /** Of payload. */
  readonly sizes = new Samples(MAX_SAMPLES);
  /** From one message to the next, within a session, ms. */
  readonly gapsMs = new Samples(MAX_SAMPLES);
  readonly pingGapsMs = new Samples(MAX_SAMPLES);
  /** From a ping that was never answered to when its sender hung up, ms. */
  readonly patienceMs = new Samples(MAX_SAMPLES);
  private messageMs: number | null = null;
  private pingMs: number | null = null;

  /** A session begins. */
  begin(): void {
    this.messageMs = null;
    this.pingMs = null;
  }

  message(bytes: number, atMs: number): void {
    this.messages++;
    this.sizes.add(bytes);
    if (this.messageMs !== null) this.gapsMs.add(atMs - this.messageMs);
    this.messageMs = atMs;
  }

  ping(atMs: number): void {
    if (this.pingMs !== null) this.pingGapsMs.add(atMs - this.pingMs);
    this.pingMs = atMs;
  }
}
