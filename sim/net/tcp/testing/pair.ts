/** Two machines whose every packet a test sees, and whose fate it decides. */
import { Kernel } from '../../../kernel/kernel.ts';
import { msFromUs, usFromMs } from '../../../kernel/units.ts';
import { Packet } from '../../wire/packet.ts';
import type { TcpEnd, TcpEndpoint, TcpHandlers } from '../endpoint.ts';
import { TcpMachine } from '../host.ts';
import type { TcpParameters } from '../parameters.ts';

export const DELAY_MS = 20;

export interface Sent {
  atMs: number;
  from: 'client' | 'server';
  packet: Packet;
}

/** Whether a packet arrives: the n-th that its side sends, from 0. */
export type Fate = (packet: Packet, from: Sent['from'], number: number) => boolean;

/** One end of a connection, and what it was told. */
export class End implements TcpHandlers {
  endpoint: TcpEndpoint | null = null;
  received = '';
  paused = false;
  closed: TcpEnd | null = null;
  connected = false;
  onData: () => void = () => {};

  onConnect(): void {
    this.connected = true;
  }

  onReadable(): void {
    if (this.paused || !this.endpoint) return;
    this.received += this.endpoint.read(Number.MAX_SAFE_INTEGER);
    this.onData();
  }

  onDrain(): void {}

  onClose(end: TcpEnd): void {
    if (this.closed !== null) throw new Error('closed twice');
    this.closed = end;
  }

  resume(): void {
    this.paused = false;
    this.onReadable();
  }
}

export class Pair {
  readonly kernel = new Kernel();
  readonly client: TcpMachine;
  readonly server: TcpMachine;
  readonly sent: Sent[] = [];
  readonly clientEnd = new End();
  readonly serverEnd = new End();
  fate: Fate = () => true;
  /** One way, ms; may differ from packet to packet, order is kept. */
  delayMs: () => number = () => DELAY_MS;
  /** By how much more a packet is late, ms, while those behind it pass. */
  heldMs: (packet: Packet, from: Sent['from'], number: number) => number = () => 0;
  /** How often it arrives. */
  copies: (packet: Packet, from: Sent['from'], number: number) => number = () => 1;
  /** The largest packet that passes, of which ICMP tells senders that set DF; others' are fragmented. */
  mtuBytes = Number.POSITIVE_INFINITY;
  /** No more packets than this are recorded. */
  recordLimit = 10_000;
  private readonly counts = { client: 0, server: 0 };
  private readonly lastArrivalUs = { client: 0, server: 0 };

  constructor(client: TcpParameters, server: TcpParameters, phasesMs: readonly [client: number, server: number] = [0, 0]) {
    const counters = { segments: 0, retransmits: 0 };
    this.client = new TcpMachine(this.kernel, client, usFromMs(phasesMs[0]), counters, (packet) => this.carry(packet, 'client'));
    this.server = new TcpMachine(this.kernel, server, usFromMs(phasesMs[1]), counters, (packet) => this.carry(packet, 'server'));
    this.server.listen((endpoint) => {
      this.serverEnd.endpoint = endpoint;
      this.serverEnd.connected = true;
      return this.serverEnd;
    });
  }

  get nowMs(): number {
    return msFromUs(this.kernel.nowUs);
  }

  connect(): TcpEndpoint {
    this.clientEnd.endpoint = this.client.connect(1, this.clientEnd);
    return this.clientEnd.endpoint;
  }

  /** Connects on a path that loses nothing. */
  async connected(): Promise<this> {
    this.connect();
    await this.run(4 * DELAY_MS);
    return this;
  }

  run(ms: number): Promise<void> {
    return this.kernel.run(this.kernel.nowUs + usFromMs(ms));
  }

  at(ms: number, action: () => void): void {
    this.kernel.schedule(usFromMs(ms), { onEvent: action }, null);
  }

  /** When the packets that `which` picks were sent, ms from `sinceMs`. */
  timesOf(which: (sent: Sent) => boolean, sinceMs = 0): number[] {
    return this.sent.filter(which).map(({ atMs }) => atMs - sinceMs);
  }

  private carry(packet: Packet, from: Sent['from']): void {
    if (this.sent.length < this.recordLimit) this.sent.push({ atMs: this.nowMs, from, packet });
    const number = this.counts[from]++;
    if (!this.fate(packet, from, number)) return;
    if (packet.wireBytes > this.mtuBytes && this[from].parameters.dontFragment) {
      this.kernel.schedule(
        this.kernel.nowUs + usFromMs(DELAY_MS),
        { onEvent: () => this[from].receive(Packet.tooBig(packet, this.mtuBytes)) },
        null,
      );
      return;
    }
    const atUs = Math.max(this.lastArrivalUs[from], this.kernel.nowUs + usFromMs(this.delayMs()));
    this.lastArrivalUs[from] = atUs;
    const to = from === 'client' ? this.server : this.client;
    const heldUs = usFromMs(this.heldMs(packet, from, number));
    for (let copies = this.copies(packet, from, number); copies > 0; copies--)
      this.kernel.schedule(atUs + heldUs, { onEvent: () => to.receive(packet) }, null);
  }
}

export function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - times[index]);
}
