/**
 * Once nothing is broken any more, every board is back within a bound that follows from the settings.
 *
 * The clock of a board runs while it has booted, its link and the relay are up, no step keeps it out, and its
 * channel is not open. Not judged where the bound would be a guess: at a loss rate or in bursts that can
 * swallow whole attempts, and when a relay without keepalive may hold a half-open session's id for ever.
 */
import type { WorldEvent } from '../../kernel/events.ts';
import { middleMs, type Spread } from '../../kernel/spread.ts';
import { usFromMs } from '../../kernel/units.ts';
import { BoardView } from '../fleet/board-view.ts';
import type { CheckResult } from '../result.ts';
import type { Check } from './check.ts';
import { afterUpdate, byBoard, type CheckSettings, deviceTimes, hasMtuBlackHole, linkValuesOfSteps, worstLossRate } from './settings.ts';
import { seconds, Violations } from './violations.ts';

export const ABOUT = 'A board whose link and relay are up has an open channel again within a bound that follows from the settings.';

/** The firmware's limits on one attempt (firmware/channel): TCP connect and opening handshake. */
const CONNECT_LIMIT_MS = 20_000;
const HANDSHAKE_LIMIT_MS = 10_000;
/** One attempt may start too early, one may be unlucky, the third must do. */
const ATTEMPTS = 3;
/** Scan, association and DHCP, again after a failure. */
const JOIN_MS = 30_000;
/** At this loss an attempt fails more often than not. */
const MAX_LOSS_RATE = 0.5;
/** Below it the radio alone loses every second packet on the way down (net/wifi/rssi.ts). */
const MIN_RSSI_DBM = -96;
/** Packets: a longer burst takes every SYN of an attempt. */
const MAX_BURST = 4;

/**
 * Steps that keep boards out while link and relay are up. Whom they touch is not told, so while one lasts
 * nobody is judged.
 */
const KEEP_OUT = [
  'wifi.password',
  'ap.reject',
  'dns.fail',
  'dns.answer',
  'dns.slow',
  'dhcp.exhausted',
  'relay.move',
  'relay.certificate',
  'balancer.set',
  'board.brownout',
  'board.battery',
  'memory.leak',
];

const NOT_WAITING = -1;

export class ConvergesAfterHeal implements Check {
  private readonly violations = new Violations('converges-after-heal');
  private readonly boards: BoardView[];
  private readonly waitingSinceUs: Float64Array;
  private readonly settings: CheckSettings;
  /** Per board; Infinity: it is not judged. */
  private readonly boundsUs: number[];
  /** Why those are not judged that are not; '': all are. */
  private readonly unjudged: string;
  private relayUp = true;
  /** Steps of KEEP_OUT that last. */
  private keptOut = 0;

  constructor(settings: CheckSettings) {
    const { count } = settings.boards;
    this.settings = settings;
    this.boards = Array.from({ length: count }, () => new BoardView());
    this.waitingSinceUs = new Float64Array(count).fill(NOT_WAITING);
    this.unjudged = byBoard(settings, whyUnjudged).find((reason) => reason !== '') ?? '';
    this.boundsUs = byBoard(settings, boundUs);
  }

  on(event: WorldEvent): void {
    if (event.board < 0) {
      this.onWorldEvent(event);
      return;
    }
    switch (event.event) {
      case 'board.update':
        this.boundsUs[event.board] = afterUpdate(this.settings, event.board, event.subject, boundUs);
        break;
      case 'board.boot':
      case 'board.off':
      case 'board.ended':
      case 'channel.state':
      case 'link.down':
      case 'link.up':
        this.boards[event.board].apply(event);
        this.refresh(event.board, event.atUs, event.event === 'board.boot');
    }
  }

  private onWorldEvent(event: WorldEvent): void {
    if (event.event === 'relay.down' || event.event === 'relay.up') this.relayUp = event.event === 'relay.up';
    else if (event.event === 'step' && KEEP_OUT.includes(event.subject)) this.keptOut += event.detail.startsWith('over: ') ? -1 : 1;
    else return;
    this.boards.forEach((_, index) => {
      this.refresh(index, event.atUs);
    });
  }

  finish(nowUs: number): CheckResult {
    if (!this.boundsUs.some(Number.isFinite)) return { name: 'converges-after-heal', ok: true, detail: this.unjudged };
    this.boards.forEach((_, index) => {
      this.endWait(index, nowUs);
    });
    return this.violations.result(this.unjudged);
  }

  private refresh(index: number, nowUs: number, anew = false): void {
    const { channel, linkUp } = this.boards[index];
    const waits = channel !== 'open' && channel !== 'off' && linkUp && this.relayUp && this.keptOut === 0;
    if (!waits || anew) this.endWait(index, nowUs);
    if (waits && this.waitingSinceUs[index] === NOT_WAITING) this.waitingSinceUs[index] = nowUs;
  }

  private endWait(index: number, nowUs: number): void {
    const sinceUs = this.waitingSinceUs[index];
    this.waitingSinceUs[index] = NOT_WAITING;
    const boundUs = this.boundsUs[index];
    if (sinceUs === NOT_WAITING || nowUs - sinceUs <= boundUs) return;
    this.violations.add(
      nowUs,
      index,
      `had no open channel for ${seconds(nowUs - sinceUs)} although its link and the relay were up; the bound is ${seconds(boundUs)}`,
    );
  }
}

/** Infinity: it is not judged. */
function boundUs(settings: CheckSettings): number {
  return whyUnjudged(settings) === '' ? usFromMs(convergenceBoundMs(settings)) : Infinity;
}

/** The id is freed, then at most three attempts, each with its wait and behind all others, after one join. */
export function convergenceBoundMs(settings: CheckSettings): number {
  const { pingIntervalMs, pingTimeoutMs, duplicateId, acceptMs } = settings.relay;
  const idFreedMs = duplicateId === 'takeover' ? 0 : pingIntervalMs + pingTimeoutMs;
  const queuedMs = settings.boards.count * acceptMs;
  return idFreedMs + ATTEMPTS * (deviceTimes(settings).backoffMaxMs + CONNECT_LIMIT_MS + HANDSHAKE_LIMIT_MS + queuedMs) + JOIN_MS;
}

/** Of `relay.slow`. */
interface PauseParameters {
  pause?: number | Spread;
  between?: number | Spread;
}

/** A pause as long as the gaps, or one in a hundred through the better part of an attempt. */
function standsMostly({ pause = 0, between = Infinity }: PauseParameters): boolean {
  return middleOf(pause) > middleOf(between) || longMs(pause) > HANDSHAKE_LIMIT_MS / 2;
}

function middleOf(time: number | Spread): number {
  return typeof time === 'number' ? time : middleMs(time);
}

/** One in a hundred is longer. */
function longMs(time: number | Spread): number {
  if (typeof time === 'number') return time;
  return time.kind === 'exponential' ? time.meanMs * Math.log(100) : time.kind === 'uniform' ? time.maxMs : time.p99Ms;
}

function whyUnjudged(settings: CheckSettings): string {
  const { link, relay, balancer, steps } = settings;
  if (hasMtuBlackHole(settings)) return 'not judged: what a handshake says may be larger than the path carries, and nobody tells';
  const isMostlyStill = steps.some(({ action, parameters }) => action === 'relay.slow' && standsMostly(parameters as PauseParameters));
  if (isMostlyStill) return 'not judged: a relay that mostly stands still may answer no attempt in time';
  const lossRate = worstLossRate(settings);
  const burst = Math.max(link.burst, ...linkValuesOfSteps(settings, 'burst'));
  const rssiDbm = Math.min(link.rssiDbm ?? 0, ...linkValuesOfSteps(settings, 'rssi'));
  if (lossRate >= MAX_LOSS_RATE) return `not judged: at a loss rate of ${lossRate} no number of attempts is sure`;
  if (lossRate > 0 && burst > MAX_BURST) return `not judged: loss bursts of ${burst} packets can take every SYN of an attempt`;
  if (rssiDbm < MIN_RSSI_DBM) return `not judged: at ${rssiDbm} dBm no number of attempts is sure`;
  if (settings.steps.some(({ action, parameters }) => action === 'dns.answer' && parameters.ttl !== 0))
    return 'not judged: a board may remember for long where the relay is not';
  if (balancer?.mode === 'http' && balancer.upgrade === 'drop') return 'not judged: the balancer drops Upgrade, so nobody is let in';
  if (balancer?.mode === 'http' && balancer.handshakeDelayMs >= HANDSHAKE_LIMIT_MS)
    return 'not judged: the balancer holds answers back for longer than boards wait';
  if (relay.duplicateId === 'reject' && relay.pingIntervalMs === 0) {
    return 'not judged: a relay without keepalive may hold the id of a half-open session for ever';
  }
  return '';
}
