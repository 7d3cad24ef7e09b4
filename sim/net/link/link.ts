/**
 * The path between one board and the relay: two directions, each a list of rules, over an air link that may be cut.
 *
 * A link is cut silently: packets sent into it vanish and nobody is told, as when an uplink dies behind a living access point. Packets that are already
 * on their way arrive. Not modelled: the medium shared with other stations.
 */

import type { Handler } from '../../kernel/queue.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Trace } from '../../kernel/trace.ts';
import { usFromMs } from '../../kernel/units.ts';
import { Bandwidth } from '../rules/bandwidth.ts';
import { BurstLoss } from '../rules/burst-loss.ts';
import { IdleTimeout } from '../rules/idle-timeout.ts';
import { Latency } from '../rules/latency.ts';
import { Loss } from '../rules/loss.ts';
import { ACCESS_POINT_TRIES, ESP32_TRIES, MacRetries } from '../rules/mac-retries.ts';
import { PowerSave } from '../rules/power-save.ts';
import { frameErrorRate, radioRateBps } from '../wifi/rssi.ts';
import type { Packet } from '../wire/packet.ts';
import { DROP, type Rule } from './rule.ts';
import type { LinkSettings } from './settings.ts';

/** A frame in a million that has to be sent again shows nowhere. */
const NEGLIGIBLE_ERROR_RATE = 1e-6;

/** One way of a link. */
class Direction implements Handler {
  private readonly kernel: Timeline;
  private readonly trace: Trace;
  private readonly board: number;
  private readonly up: number;
  private readonly link: Link;
  private readonly deliver: (packet: Packet) => void;
  private lastArrivalUs = 0;
  rules: Rule[] = [];

  constructor(link: Link, kernel: Timeline, trace: Trace, board: number, up: number, deliver: (packet: Packet) => void) {
    this.link = link;
    this.kernel = kernel;
    this.trace = trace;
    this.board = board;
    this.up = up;
    this.deliver = deliver;
  }

  send(packet: Packet): void {
    const { nowUs } = this.kernel;
    const delayUs = this.link.carries ? this.judge(packet, nowUs) : DROP;
    this.trace.recordPacket(nowUs, this.board, this.up, packet.flags, packet.seq, packet.ack, packet.data.length, delayUs);
    if (delayUs === DROP) return;
    this.lastArrivalUs = Math.max(this.lastArrivalUs, nowUs + delayUs); // a direction keeps its order
    this.kernel.schedule(this.lastArrivalUs, this, packet);
  }

  onEvent(packet: unknown): void {
    this.deliver(packet as Packet);
  }

  private judge(packet: Packet, nowUs: number): number {
    let delayUs = 0;
    for (const rule of this.rules) {
      const more = rule.judge(packet, nowUs + delayUs);
      if (more === DROP) return DROP;
      delayUs += more;
    }
    return Math.round(delayUs);
  }
}

export interface LinkParts {
  kernel: Timeline;
  trace: Trace;
  board: number;
  /** Streams of this link's own, by purpose. */
  random: (purpose: string) => RandomStream;
  /** Takes what arrives at the relay's machine, and at the board's. */
  deliverUp: (packet: Packet) => void;
  deliverDown: (packet: Packet) => void;
  /** A NAT on the path has forgotten this flow, that long ago. */
  onForgotten: (flow: number, forUs: number) => void;
}

/** Which way a rule's packets go; also part of the names of its random streams. */
type Way = 'up' | 'down';

export class Link {
  private readonly parts: LinkParts;
  private readonly up: Direction;
  private readonly down: Direction;
  private readonly streams = new Map<string, RandomStream>();
  private readonly cuts = new Set<string>();
  /** False while anything cuts the link. */
  carries = true;
  private current: LinkSettings;
  /** Rules that remember something outlive a change of settings. */
  private readonly bandwidth: Record<Way, Bandwidth>;
  private powerSave: PowerSave | null = null;
  private idleTimeout: IdleTimeout | null = null;

  constructor(settings: LinkSettings, parts: LinkParts) {
    const { kernel, trace, board } = parts;
    this.parts = parts;
    this.up = new Direction(this, kernel, trace, board, 1, parts.deliverUp);
    this.down = new Direction(this, kernel, trace, board, 0, parts.deliverDown);
    this.bandwidth = { up: new Bandwidth(settings.rateBps), down: new Bandwidth(settings.rateBps) };
    this.current = settings;
    this.applySettings(settings);
  }

  get settings(): LinkSettings {
    return this.current;
  }

  /** Loss of a packet on the way down, 0 to 1, cuts left aside: the worse way, since an access point tries less often than a board. */
  get lossRate(): number {
    const { lossRate, rssiDbm } = this.current;
    return rssiDbm === undefined ? lossRate : 1 - (1 - lossRate) * (1 - frameErrorRate(rssiDbm) ** ACCESS_POINT_TRIES);
  }

  applySettings(settings: LinkSettings): void {
    const { nowUs } = this.parts.kernel;
    this.current = settings;
    const { rateBps, rssiDbm, powerSave, dtim, idleTimeoutMs } = settings;
    const slowerBps = rssiDbm === undefined ? rateBps : Math.min(rateBps, radioRateBps(rssiDbm));
    this.bandwidth.up.setRate(slowerBps, nowUs);
    this.bandwidth.down.setRate(slowerBps, nowUs);
    const sleeps = powerSave === 'min_modem' ? this.sleepingStation(dtim) : null;
    this.forgetAfter(idleTimeoutMs, nowUs);
    // In the order in which a packet meets them.
    this.up.rules = present(sleeps?.up, ...this.path('up'), this.retries('up', ESP32_TRIES), this.idleTimeout);
    this.down.rules = present(this.idleTimeout, ...this.path('down'), sleeps?.down, this.retries('down', ACCESS_POINT_TRIES));
  }

  isCut(reason: string): boolean {
    return this.cuts.has(reason);
  }

  /** Cuts the link for this reason, or takes that reason back. */
  setCut(reason: string, on: boolean): void {
    if (on) this.cuts.add(reason);
    else this.cuts.delete(reason);
    this.carries = this.cuts.size === 0;
  }

  sendUp(packet: Packet): void {
    this.up.send(packet);
  }

  sendDown(packet: Packet): void {
    this.down.send(packet);
  }

  private sleepingStation(dtim: number): PowerSave {
    this.powerSave ??= new PowerSave(this.stream('beacon').next());
    this.powerSave.setDtim(dtim);
    return this.powerSave;
  }

  private forgetAfter(idleTimeoutMs: number | undefined, nowUs: number): void {
    if (idleTimeoutMs !== undefined) this.idleTimeout ??= new IdleTimeout(nowUs, this.parts.onForgotten);
    this.idleTimeout?.setTimeoutUs(idleTimeoutMs === undefined ? Number.POSITIVE_INFINITY : usFromMs(idleTimeoutMs), nowUs);
  }

  private path(way: Way): Rule[] {
    const { lossRate, burst, latencyMs, jitterMs } = this.current;
    const rules: Rule[] = [this.bandwidth[way]];
    if (lossRate > 0) {
      const random = this.stream(`loss-${way}`);
      rules.push(burst > 1 && lossRate < 1 ? new BurstLoss(lossRate, burst, random) : new Loss(lossRate, random));
    }
    rules.push(new Latency(latencyMs, jitterMs, this.stream(`jitter-${way}`)));
    return rules;
  }

  private retries(way: Way, tries: number): Rule | null {
    const { rssiDbm } = this.current;
    if (rssiDbm === undefined) return null;
    const errorRate = frameErrorRate(rssiDbm);
    return errorRate < NEGLIGIBLE_ERROR_RATE ? null : new MacRetries(errorRate, tries, radioRateBps(rssiDbm), this.stream(`radio-${way}`));
  }

  /** The link's stream for this purpose; the same one each time. */
  private stream(purpose: string): RandomStream {
    let stream = this.streams.get(purpose);
    if (!stream) {
      stream = this.parts.random(purpose);
      this.streams.set(purpose, stream);
    }
    return stream;
  }
}

/** Rules without an effect are left out: each one costs every packet. */
function present(...rules: (Rule | null | undefined)[]): Rule[] {
  return rules.filter((rule) => rule !== null && rule !== undefined);
}
