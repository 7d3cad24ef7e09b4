/**
 * One board of the soak (soak-run.ts): the firmware on this computer, with a log of its own and a count of
 * what it did.
 */
import { createNodeBoard, type NodeBoard } from 'hal/node';
import { boot, type FirmwareApp } from '../boot.ts';
import type { DeviceConfig } from '../config.ts';
import { Outages } from './outages.ts';

/**
 * Lines of the log that are kept: five rounds of refused attempts, or the way to an open channel four times.
 */
const LOG_LINES_MAX = 20;

export class SoakBoard {
  readonly name: string;
  /** Messages that were accepted, and that no socket has taken yet. */
  unwritten = 0;
  /** Messages that came back since the relay did. */
  echoed = 0;
  /** The causes of the channels that ended although the relay was there, since it came back. */
  drops: string[] = [];
  private state = '';
  private log: string[] = [];
  private readonly startMs = performance.now();
  private readonly outages = new Outages(this.startMs);
  private readonly board: NodeBoard;

  constructor(config: DeviceConfig, app: FirmwareApp) {
    this.name = config.client_id;
    this.board = createNodeBoard({
      files: { 'config.json': JSON.stringify(config) },
      log: { line: (text) => this.note(text), event: (name, subject, detail) => this.hear(name, subject, detail) },
    });
    boot(this.board.hal, app);
  }

  relayIsUp(): void {
    this.outages.relayIsUp(performance.now());
    this.note('(the relay accepts connections)');
    this.echoed = 0;
    this.drops = [];
  }

  relayIsDown(): void {
    this.outages.relayIsDown();
    this.note('(the relay is told to go)');
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get openForMs(): number {
    return this.outages.openForMs(performance.now());
  }

  /** The longest time without a channel since the relay came back, ms. */
  get longestOutageMs(): number {
    return this.outages.longest(performance.now());
  }

  /** What it did of late, a line each. */
  get story(): string {
    return [`${this.name}, ${this.state}, longest outage ${Math.round(this.longestOutageMs)} ms:`, ...this.log].join('\n  ');
  }

  switchOff(): void {
    this.board.switchOff();
  }

  private note(text: string): void {
    this.log.push(`${((performance.now() - this.startMs) / 1000).toFixed(3)} s ${text}`);
    if (this.log.length > LOG_LINES_MAX) this.log.shift();
  }

  private hear(name: string, subject: string, detail: string): void {
    switch (name) {
      case 'channel.state':
        this.move(subject, detail);
        break;
      case 'message.sent':
        this.unwritten++;
        break;
      case 'message.written':
        this.unwritten--;
        break;
      case 'message.received':
        this.echoed++;
        break;
    }
  }

  private move(next: string, cause: string): void {
    const now = performance.now();
    if (next === 'open') {
      this.outages.opened(now);
    } else if (this.isOpen) {
      this.outages.lost(now);
      if (this.outages.relayAccepts) this.drops.push(cause);
    }
    this.state = next;
  }
}
