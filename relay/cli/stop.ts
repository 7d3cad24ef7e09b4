/**
 * How a relay's process ends. SIGINT closes the relay, which takes `closeTimeoutMs` at most, and so does
 * SIGTERM once it has drained; a second signal does not wait for the drain, and one while it closes ends the
 * process at once.
 */
import { onLauncherGone } from 'host/launcher';
import type { Logger } from 'pino';
import type { Relay } from '../relay.ts';

export class Stop {
  /** Now the relay is to close. */
  readonly drained: Promise<void>;
  private close: () => void = () => {};
  private stage: 'open' | 'draining' | 'closing' = 'open';
  private readonly relay: () => Relay;
  private readonly drainMs: number;
  private readonly log: Logger;

  constructor(relay: () => Relay, drainMs: number, log: Logger) {
    this.relay = relay;
    this.drainMs = drainMs;
    this.log = log;
    this.drained = new Promise((resolve) => {
      this.close = resolve;
    });
  }

  /** @param onHangUp a terminal that is closed; with TLS that is the order to read the certificates anew */
  onSignals(onHangUp: boolean): void {
    process.on('SIGINT', () => this.now('SIGINT'));
    process.on('SIGTERM', () => this.drain('SIGTERM'));
    if (onHangUp) process.on('SIGHUP', () => this.now('SIGHUP'));
    onLauncherGone(() => this.asked('the launcher is gone'));
  }

  /** What may come again, or beside a signal. */
  asked(by: string): void {
    if (this.stage === 'open') this.drain(by);
  }

  /** @param signal who says so */
  private drain(signal: string): void {
    if (this.stage !== 'open' || this.drainMs === 0) {
      this.now(signal);
      return;
    }
    this.stage = 'draining';
    const { clients } = this.relay();
    this.log.info({ signal, clients, ms: this.drainMs }, 'relay drains; a second signal stops it now');
    this.relay()
      .drain(this.drainMs)
      .then(() => this.stage === 'draining' && this.now(signal));
  }

  private now(signal: string): void {
    if (this.stage === 'closing') process.exit(130);
    this.stage = 'closing';
    this.log.info({ signal, clients: this.relay().clients }, 'relay stops; a second signal stops it at once');
    this.close();
  }
}
