/**
 * The longest time in which this process or a relay beside it did nothing: a computer that is busy with
 * something else looks, from the outside, like a board that sleeps. Asks the relay for `/healthz` again and
 * again; what a round takes beyond its pause is time in which one of the two stood still.
 */
import { type ClientRequest, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Between two questions, ms: a standstill may be this much longer than what is found. */
const PAUSE_MS = 200;

export class Standstill {
  /** Questions that were answered. */
  rounds = 0;
  private readonly port: number;
  private longestMs = 0;
  private roundFromMs = 0;
  private request: ClientRequest | null = null;
  private stopped = false;
  private readonly asking: Promise<void>;

  constructor(port: number) {
    this.port = port;
    this.asking = this.ask();
  }

  /** So far, ms: a round that has not ended included. */
  get ms(): number {
    return Math.max(this.longestMs, performance.now() - this.roundFromMs - PAUSE_MS);
  }

  /** @returns the longest, when the last socket is gone */
  async stop(): Promise<number> {
    const { ms } = this;
    this.stopped = true;
    this.request?.destroy();
    await this.asking;
    return ms;
  }

  /** Of whatever kind: a relay that is gone has answered, too. */
  private answer(): Promise<void> {
    return new Promise((resolve) => {
      this.request = get({ host: '127.0.0.1', port: this.port, path: '/healthz', agent: false }, (response) => response.resume());
      this.request.on('error', () => {});
      this.request.on('close', resolve);
    });
  }

  private async ask(): Promise<void> {
    while (!this.stopped) {
      this.roundFromMs = performance.now();
      await delay(PAUSE_MS);
      if (this.stopped) return;
      await this.answer();
      this.longestMs = this.ms;
      this.rounds++;
    }
  }
}
