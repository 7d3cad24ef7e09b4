/**
 * Clients that mean well: they keep talking to each other while others misbehave, and can tell what they lost
 * and how long messages took.
 */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { HOST } from './relay-process.ts';

/** Time between two messages of one client, ms. */
const BEAT_MS = 100;
const LOOK_MS = 10;
/** How long the last messages may be under way, ms: what has not come by then is lost. */
const PATIENCE_MS = 10_000;

interface Member {
  readonly name: string;
  readonly socket: WebSocket;
  sent: number;
  /** The number that is expected next, by who says it. */
  readonly next: Map<string, number>;
}

export interface Experience {
  received: number;
  lost: number;
  disconnects: number;
  p99Ms: number;
}

export class Company {
  private readonly members: Member[] = [];
  private readonly latenciesMs: number[] = [];
  private disconnects = 0;
  private beat: NodeJS.Timeout | undefined;

  static async join(port: number, size: number): Promise<Company> {
    const company = new Company();
    for (let i = 0; i < size; i++) await company.join(port, `guest-${i}`);
    company.beat = setInterval(() => company.speak(), BEAT_MS);
    return company;
  }

  /** Waits for what is under way, and begins a new count. */
  async experience(): Promise<Experience> {
    clearInterval(this.beat);
    for (let waitedMs = 0; this.lost() > 0 && waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) await sleep(LOOK_MS);
    const sorted = this.latenciesMs.splice(0).sort((a, b) => a - b);
    const experience = {
      received: sorted.length,
      lost: this.lost(),
      disconnects: this.disconnects,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)],
    };
    this.beat = setInterval(() => this.speak(), BEAT_MS);
    return experience;
  }

  leave(): void {
    clearInterval(this.beat);
    for (const { socket } of this.members) socket.terminate();
  }

  private async join(port: number, name: string): Promise<void> {
    const socket = new WebSocket(`ws://${HOST}:${port}/${name}`);
    const member: Member = { name, socket, sent: 0, next: new Map() };
    socket.on('message', (data) => this.memberOnMessage(member, String(data)));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => this.disconnects++);
    await once(socket, 'open');
    this.members.push(member);
  }

  private speak(): void {
    for (const member of this.members) member.socket.send(`${member.name} ${member.sent++} ${performance.now()}`);
  }

  /** A message out of turn is not counted, so it stays lost. */
  private memberOnMessage({ next }: Member, text: string): void {
    const [from, number, sentAtMs] = text.split(' ');
    if (!from.startsWith('guest-') || Number(number) !== (next.get(from) ?? 0)) return;
    next.set(from, Number(number) + 1);
    this.latenciesMs.push(performance.now() - Number(sentAtMs));
  }

  private lost(): number {
    let lost = 0;
    for (const { name, next } of this.members) {
      for (const other of this.members) if (other.name !== name) lost += other.sent - (next.get(other.name) ?? 0);
    }
    return lost;
  }
}
