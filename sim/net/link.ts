/**
 * The path between one board and the relay: two directions, each a list of rules, over an air link that may be cut.
 *
 * A link is cut silently: packets sent into it vanish and nobody is told, as when an uplink dies behind a living access point. Packets that are already
 * on their way arrive. Not modelled: the medium shared with other stations, MAC-level retries (they appear as loss and jitter).
 */
import type { Kernel } from '../kernel/kernel.ts';
import type { Handler } from '../kernel/queue.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Trace } from '../kernel/trace.ts';
import type { LinkSettings } from './link-settings.ts';
import type { Packet } from './packet.ts';
import { DROP, type Rule } from './rule.ts';
import { Bandwidth } from './rules/bandwidth.ts';
import { BurstLoss } from './rules/burst-loss.ts';
import { Latency } from './rules/latency.ts';
import { Loss } from './rules/loss.ts';

/** One way of a link. */
class Direction implements Handler {
  private readonly kernel: Kernel;
  private readonly trace: Trace;
  private readonly board: number;
  private readonly up: number;
  private readonly link: Link;
  private readonly deliver: (packet: Packet) => void;
  private lastArrivalUs = 0;
  rules: Rule[] = [];

  constructor(link: Link, kernel: Kernel, trace: Trace, board: number, up: number, deliver: (packet: Packet) => void) {
    this.link = link;
    this.kernel = kernel;
    this.trace = trace;
    this.board = board;
    this.up = up;
    this.deliver = deliver;
  }

  send(packet: Packet): void {
    const { nowUs } = this.kernel;
    const delayUs = this.link.carries ? this.judge(packet.wireBytes, nowUs) : DROP;
    this.trace.recordFine('packet', nowUs, this.board, this.up, packet.flags, packet.seq, packet.ack, packet.data.length, delayUs);
    if (delayUs === DROP) return;
    this.lastArrivalUs = Math.max(this.lastArrivalUs, nowUs + delayUs); // a direction keeps its order
    this.kernel.schedule(this.lastArrivalUs, this, packet);
  }

  onEvent(packet: unknown): void {
    this.deliver(packet as Packet);
  }

  private judge(bytes: number, nowUs: number): number {
    let delayUs = 0;
    for (const rule of this.rules) {
      const more = rule.judge(bytes, nowUs + delayUs);
      if (more === DROP) return DROP;
      delayUs += more;
    }
    return Math.round(delayUs);
  }
}

export interface LinkParts {
  kernel: Kernel;
  trace: Trace;
  board: number;
  /** Streams of this link's own, by purpose. */
  random: (purpose: string) => RandomStream;
  /** Takes what arrives at the relay's machine, and at the board's. */
  deliverUp: (packet: Packet) => void;
  deliverDown: (packet: Packet) => void;
}

export class Link {
  private readonly up: Direction;
  private readonly down: Direction;
  private readonly streams: Record<'lossUp' | 'lossDown' | 'jitterUp' | 'jitterDown', RandomStream>;
  private readonly cuts = new Set<string>();
  private current: LinkSettings;

  constructor(settings: LinkSettings, parts: LinkParts) {
    const { kernel, trace, board, random } = parts;
    this.streams = {
      lossUp: random('loss-up'),
      lossDown: random('loss-down'),
      jitterUp: random('jitter-up'),
      jitterDown: random('jitter-down'),
    };
    this.up = new Direction(this, kernel, trace, board, 1, parts.deliverUp);
    this.down = new Direction(this, kernel, trace, board, 0, parts.deliverDown);
    this.current = settings;
    this.applySettings(settings);
  }

  get settings(): LinkSettings {
    return this.current;
  }

  /** False while anything cuts the link. */
  get carries(): boolean {
    return this.cuts.size === 0;
  }

  applySettings(settings: LinkSettings): void {
    this.current = settings;
    const { streams } = this;
    this.up.rules = rulesOf(settings, streams.lossUp, streams.jitterUp);
    this.down.rules = rulesOf(settings, streams.lossDown, streams.jitterDown);
  }

  isCut(reason: string): boolean {
    return this.cuts.has(reason);
  }

  /** Cuts the link for this reason, or takes that reason back. */
  setCut(reason: string, on: boolean): void {
    if (on) this.cuts.add(reason);
    else this.cuts.delete(reason);
  }

  sendUp(packet: Packet): void {
    this.up.send(packet);
  }

  sendDown(packet: Packet): void {
    this.down.send(packet);
  }
}

/** Rules without an effect are left out: each one costs every packet. */
function rulesOf(settings: LinkSettings, loss: RandomStream, jitter: RandomStream): Rule[] {
  const { lossRate, burst, rateBps, latencyMs, jitterMs } = settings;
  const rules: Rule[] = [new Bandwidth(rateBps)];
  if (lossRate > 0) rules.push(burst > 1 && lossRate < 1 ? new BurstLoss(lossRate, burst, loss) : new Loss(lossRate, loss));
  rules.push(new Latency(latencyMs, jitterMs, jitter));
  return rules;
}
