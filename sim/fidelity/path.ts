/**
 * Two machines and the emulated path between them, as in the measurement: fixed delay, loss per packet each
 * way at the entry, no rate limit, no queue, no jitter.
 *
 * Nothing else of a world is here: no boards, no WebSocket, no relay. What is compared is TCP alone.
 */
import { Kernel } from '../kernel/kernel.ts';
import type { Handler } from '../kernel/queue.ts';
import { type RandomStream, RandomStreams } from '../kernel/random.ts';
import { msFromUs, US_PER_MS, usFromMs } from '../kernel/units.ts';
import { DROP } from '../net/link/rule.ts';
import { BurstLoss } from '../net/rules/burst-loss.ts';
import { Loss } from '../net/rules/loss.ts';
import { TcpMachine } from '../net/tcp/host.ts';
import { LINUX, type LinuxParameters, LWIP, type TcpParameters } from '../net/tcp/parameters.ts';
import type { Packet } from '../net/wire/packet.ts';

/** Whether SYN and SYN-ACK meet the loss too. */
export type Handshake = 'clean' | 'lossy';

/** What can be said about the path and the two stacks, whatever is then sent over it. */
export interface Conditions {
  /** Of the bare path, both ways together, ms. */
  rttMs: number;
  /** What the measuring set-up adds to the delay, each way, ms. */
  overheadMs: number;
  /** Per packet and direction, 0 to below 1. */
  lossRate: number;
  /** Mean length of a loss burst, packets; 1 = independent losses. */
  burst: number;
  handshake: Handshake;
  /** Of the client; the server is always Linux. */
  client: TcpParameters;
  server: LinuxParameters;
}

/**
 * The client's stack by its name on the command line. The measured traffic sets TCP_NODELAY; a board's
 * firmware may not.
 */
export const CLIENT_STACKS = { linux: LINUX, lwip: { ...LWIP, nagle: false } } as const;

/**
 * Timers of a host count from its boot, which may be any time ago. Two hosts and the experiment agree on no
 * grain of the timer wheel; the coarsest one that matters here has 4096 jiffies of 4 ms.
 */
const TIMER_PHASE_MS = 4096 * 4;

/** One way: packets leave in the order they came, `delayUs` later, or never. */
class Direction implements Handler {
  private readonly path: Path;
  private readonly loss: Loss | BurstLoss | null;
  private readonly deliver: (packet: Packet) => void;

  constructor(path: Path, loss: Loss | BurstLoss | null, deliver: (packet: Packet) => void) {
    this.path = path;
    this.loss = loss;
    this.deliver = deliver;
  }

  send(packet: Packet): void {
    const { kernel, cut, lossy, delayUs } = this.path;
    if (cut || (lossy && this.loss?.judge() === DROP)) return;
    kernel.schedule(kernel.nowUs + delayUs, this, packet);
  }

  onEvent(packet: unknown): void {
    this.deliver(packet as Packet);
  }
}

export class Path {
  readonly kernel = new Kernel();
  readonly client: TcpMachine;
  readonly server: TcpMachine;
  readonly delayUs: number;
  readonly clientCounters = { segments: 0, retransmits: 0 };
  /** Whether packets meet the loss of the conditions. */
  lossy: boolean;
  /** While true every packet that enters is lost; those on their way arrive. */
  cut = false;
  /** Hears of every packet that the client sends, lost or not. */
  onClientPacket: (packet: Packet) => void = () => {};
  private readonly streams: RandomStreams;

  constructor(conditions: Conditions, seed: number) {
    this.streams = new RandomStreams(seed);
    this.delayUs = usFromMs(conditions.rttMs / 2 + conditions.overheadMs);
    this.lossy = conditions.handshake === 'lossy';
    const up = new Direction(this, this.lossRule(conditions, 'loss-up'), (packet) => this.server.receive(packet));
    const down = new Direction(this, this.lossRule(conditions, 'loss-down'), (packet) => this.client.receive(packet));
    const serverCounters = { segments: 0, retransmits: 0 };
    this.client = new TcpMachine(this.kernel, conditions.client, this.phaseUs('client'), this.clientCounters, (packet) => {
      this.onClientPacket(packet);
      up.send(packet);
    });
    this.server = new TcpMachine(this.kernel, conditions.server, this.phaseUs('server'), serverCounters, (packet) => down.send(packet));
  }

  /** The stream of that name, from its beginning. */
  random(name: string): RandomStream {
    return this.streams.stream(name);
  }

  /** Calls `action` at this time of the path's clock, ms. */
  at(ms: number, action: () => void): void {
    this.kernel.schedule(usFromMs(ms), { onEvent: action }, null);
  }

  get nowMs(): number {
    return msFromUs(this.kernel.nowUs);
  }

  run(untilMs: number): Promise<void> {
    return this.kernel.run(usFromMs(untilMs));
  }

  private phaseUs(host: string): number {
    return Math.floor(this.random(`${host}/phase`).next() * TIMER_PHASE_MS * US_PER_MS);
  }

  private lossRule({ lossRate, burst }: Conditions, name: string): Loss | BurstLoss | null {
    if (lossRate === 0) return null;
    return burst > 1 ? new BurstLoss(lossRate, burst, this.random(name)) : new Loss(lossRate, this.random(name));
  }
}
