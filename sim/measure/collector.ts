/**
 * From the world's events to a run's results: one call per event, one switch, nothing kept of the event itself.
 *
 * Messages take the short way through `Traffic`; the rarer events that change a board's state go through its `BoardView` first and are measured by what changed.
 * After `run.drain` only the arrival of what was sent before still counts. The meaning of every metric is in registry.ts.
 */
import { boardId } from '../kernel/board-id.ts';
import type { WorldEvent } from '../kernel/events.ts';
import { US_PER_MS, usFromMs } from '../kernel/units.ts';
import { Availability } from './availability.ts';
import { BoardView } from './board-view.ts';
import { ConnectRate } from './connect-rate.ts';
import type { Connection } from './connection.ts';
import { Disconnects } from './disconnects.ts';
import { Errors } from './errors.ts';
import { Outages } from './outages.ts';
import { Recovery } from './recovery.ts';
import { METRICS, type MetricName, metricNames, type NameOf } from './registry.ts';
import type { BoardError, BoardResult, MetricValue, RunResult } from './result.ts';
import { Tally } from './tally.ts';
import { Timeline } from './timeline.ts';
import { Traffic } from './traffic.ts';
import { Upkeep } from './upkeep.ts';

export interface CollectorSettings {
  boards: number;
  durationMs: number;
  relayPingTimeoutMs: number;
  boardPingTimeoutMs: number;
}

/** What only the world can count, as of `run.drain`. */
export interface WorldTotals {
  tcpSegments: number;
  tcpRetransmits: number;
  tlsBytes: number;
  /** Timers of firmware that ran, late or not. */
  timersRun: number;
  /** null: each board has an air of its own. */
  air: AirMetrics | null;
}

export type AirMetrics = Record<
  'air_frames' | 'air_collisions' | 'air_retries' | 'retry_drops' | 'queue_drops' | 'air_busy' | 'air_full_s' | 'ap_queue_max',
  number
>;

const NO_AIR: Pick<AirMetrics, NameOf<'gauge'> & keyof AirMetrics> = { air_busy: 0, air_full_s: 0, ap_queue_max: 0 };

export type Measurements = Omit<RunResult, 'about' | 'summary' | 'settings'> & {
  metrics: Record<MetricName, MetricValue>;
  errors: BoardError[];
  refusedByStatus: Record<string, number>;
};

const STILL_RUNNING = -1;
const NEVER = -1;

export class Collector {
  private readonly tally: Tally;
  private readonly traffic: Traffic;
  private readonly disconnects: Disconnects;
  private readonly recovery: Recovery;
  private readonly availability: Availability;
  private readonly connectRate = new ConnectRate();
  private readonly outages = new Outages();
  private readonly upkeep: Upkeep;
  private readonly errors: Errors;
  private readonly timelines: Timeline[];
  private readonly boards: BoardView[];
  /** When each board's channel was lost; NEVER while it is open or was not yet. */
  private readonly lostAtUs: Float64Array;
  private relayUp = true;
  private relaySinceUs = 0;
  private endUs = STILL_RUNNING;

  constructor(settings: CollectorSettings) {
    const { boards } = settings;
    this.tally = new Tally(boards);
    this.traffic = new Traffic(this.tally);
    this.upkeep = new Upkeep(this.tally);
    this.errors = new Errors(this.tally);
    this.disconnects = new Disconnects(this.tally, {
      relayPingTimeoutUs: usFromMs(settings.relayPingTimeoutMs),
      boardPingTimeoutUs: usFromMs(settings.boardPingTimeoutMs),
    });
    this.recovery = new Recovery(boards, this.tally.distributions.recovery_ms);
    this.availability = new Availability(boards, settings.durationMs);
    this.timelines = Array.from({ length: boards }, () => new Timeline());
    this.boards = Array.from({ length: boards }, () => new BoardView(this.traffic.awaited));
    this.lostAtUs = new Float64Array(boards).fill(NEVER);
  }

  /** Boards whose channel carries data now, and channels that were lost and opened again so far. */
  progress(): { boardsOnline: number; reconnects: number } {
    return { boardsOnline: this.availability.carrying, reconnects: this.tally.distributions.reconnect_ms.count };
  }

  /** Counted messages and broadcasts that may still arrive; 0 ends the drain early. */
  pendingDeliveries(): number {
    return this.traffic.awaited.count;
  }

  on(event: WorldEvent): void {
    const index = event.board;
    if (index < 0) {
      this.onWorldEvent(event);
      return;
    }
    const board = this.boards[index];
    switch (event.event) {
      case 'message.sent':
        this.traffic.messageSent(index, board, event.atUs);
        break;
      case 'message.dropped':
        this.traffic.messageDropped(index, event.detail);
        break;
      case 'message.written':
        this.traffic.messageWritten(board, board.find(event.connection));
        break;
      case 'relay.received': {
        const connection = this.gotThrough(index, board, event);
        if (connection) this.traffic.relayReceived(index, connection, event.atUs);
        break;
      }
      case 'relay.sent':
        this.traffic.relaySent(board.find(event.connection), event.subject, event.atUs);
        break;
      case 'message.received': {
        const connection = this.gotThrough(index, board, event);
        if (connection) this.traffic.messageReceived(connection, event.atUs);
        break;
      }
      case 'board.log':
        break;
      case 'board.error':
        this.errors.add(index, event);
        break;
      case 'loop.stall':
      case 'ping.sent':
      case 'pong.received':
      case 'relay.ping':
      case 'relay.pong':
      case 'relay.ping_answered':
        if (this.endUs !== STILL_RUNNING) break;
        this.upkeep.on(index, event);
        if (event.event === 'pong.received' || event.event === 'relay.pong') this.gotThrough(index, board, event);
        break;
      default:
        this.onStateEvent(index, board, event);
    }
  }

  /** @param nowUs the end of a run that was interrupted before its `run.drain` */
  finish(nowUs: number, totals: WorldTotals): Measurements {
    if (this.endUs === STILL_RUNNING) this.endUs = nowUs;
    const { counters, distributions } = this.tally;
    counters.messages_lost = counters.messages_sent - counters.messages_delivered;
    counters.tcp_segments = totals.tcpSegments;
    counters.tcp_retransmits = totals.tcpRetransmits;
    counters.tls_bytes = totals.tlsBytes;
    distributions.main_loop_stall_ms.recordZeros(totals.timersRun - distributions.main_loop_stall_ms.count);
    return {
      metrics: this.metrics(totals.air),
      refusedByStatus: this.tally.refusedByStatus,
      boards: this.boards.map((_, index) => this.boardResult(index)),
      stalls: this.upkeep.stalls.list(),
      errors: this.errors.list(),
      outages: this.outages.list(this.endUs, this.boards.length),
      availability: this.availability.curve(this.endUs),
      connectsPerSecond: this.connectRate.series(this.endUs),
      histograms: Object.fromEntries(metricNames('distribution').map((name) => [name, distributions[name].bins()])),
    };
  }

  /** The connection over which the event's message or pong arrived. */
  private gotThrough(index: number, board: BoardView, event: WorldEvent): Connection | null {
    const connection = board.find(event.connection);
    if (connection) this.recovery.gotThrough(index, connection);
    return connection;
  }

  private onStateEvent(index: number, board: BoardView, event: WorldEvent): void {
    const wasOpen = board.channel === 'open';
    const wasUp = board.linkUp;
    const connectionsBefore = board.live;
    const connection = board.apply(event);
    if (this.endUs !== STILL_RUNNING) return;
    switch (event.event) {
      case 'board.boot':
        this.onBoot(index, event, wasOpen, connectionsBefore);
        break;
      case 'board.off':
      case 'board.ended':
        this.onPowerLost(index, event, wasOpen, connectionsBefore);
        break;
      case 'channel.state':
        this.onChannelState(index, board, event, wasOpen, connection);
        break;
      case 'tcp.closed':
        if (connection) this.disconnects.boardEndClosed(connection);
        break;
      case 'ws.open':
        this.connectRate.opened(event.atUs);
        break;
      case 'ws.close':
        if (connection) {
          this.disconnects.sessionClosed(index, connection, event.detail, event.atUs, this.upForUs(board, event.atUs), this.relayUp);
        }
        break;
      case 'tls.failed':
        this.onTlsFailed(event.subject);
        break;
      case 'wifi.joined':
        this.tally.counters.wifi_joins++;
        break;
      case 'wifi.lost':
        this.tally.counters.wifi_losses++;
        break;
      case 'link.down':
        this.outages.linkDown(index, event.detail, event.atUs);
        this.recovery.forget(index);
        break;
      case 'link.up':
        this.outages.linkUp(index, event.detail, event.atUs);
        if (this.relayUp && board.linkUp && !wasUp) this.recovery.networkRestored(index, board, event.atUs);
        break;
    }
    this.refresh(index, board, event.atUs, event.detail);
  }

  /** @param reason a TlsFailure of hal/tls.ts */
  private onTlsFailed(reason: string): void {
    const { counters } = this.tally;
    counters.tls_failures++;
    counters[`tls_failures.${reason}` as NameOf<'counter'>]++;
  }

  private onBoot(index: number, event: WorldEvent, wasOpen: boolean, connectionsBefore: Connection[]): void {
    this.availability.boardBooted(index, event.atUs);
    if (event.value <= 1) return;
    this.tally.counters.board_resets++;
    this.onPowerLost(index, event, wasOpen, connectionsBefore);
  }

  private onPowerLost(index: number, event: WorldEvent, wasOpen: boolean, connectionsBefore: Connection[]): void {
    this.disconnects.boardReset(index, connectionsBefore);
    if (wasOpen) this.lostAtUs[index] = event.atUs;
  }

  private onChannelState(index: number, board: BoardView, event: WorldEvent, wasOpen: boolean, connection: Connection | null): void {
    const { atUs, detail: cause } = event;
    if (wasOpen) {
      this.lostAtUs[index] = atUs;
      if (connection) this.disconnects.channelLost(index, connection, cause, atUs, this.upForUs(board, atUs));
    } else if (board.channel === 'open') {
      this.onChannelOpen(index, atUs, connection);
    } else if (cause !== '' && connection) {
      this.disconnects.attemptEnded(index, connection, cause);
    }
  }

  private onChannelOpen(index: number, atUs: number, connection: Connection | null): void {
    const { counters, distributions, boards } = this.tally;
    counters.connects++;
    boards[index].connects++;
    if (connection) distributions.connect_ms.record(atUs - connection.startedAtUs);
    if (this.lostAtUs[index] !== NEVER) distributions.reconnect_ms.record(atUs - this.lostAtUs[index]);
    this.lostAtUs[index] = NEVER;
    this.recovery.channelOpened(index, atUs);
    this.availability.channelOpened(index, atUs);
  }

  private onWorldEvent(event: WorldEvent): void {
    if (this.endUs !== STILL_RUNNING) return;
    switch (event.event) {
      case 'run.drain':
        this.endUs = event.atUs;
        this.traffic.drain();
        break;
      case 'relay.down':
        this.setRelay(false, event);
        this.outages.relayDown(event.detail, event.atUs);
        break;
      case 'relay.up':
        this.setRelay(true, event);
        this.outages.relayUp(event.atUs, this.boards.length);
        break;
    }
  }

  private setRelay(up: boolean, event: WorldEvent): void {
    this.relayUp = up;
    this.relaySinceUs = event.atUs;
    this.boards.forEach((board, index) => {
      if (!up) this.recovery.forget(index);
      else if (board.linkUp) this.recovery.networkRestored(index, board, event.atUs);
      this.refresh(index, board, event.atUs, event.detail);
    });
  }

  /** How long link and relay have both been up; negative when one is down. */
  private upForUs(board: BoardView, atUs: number): number {
    return this.relayUp && board.linkUp ? atUs - Math.max(this.relaySinceUs, board.linkSinceUs) : -1;
  }

  private refresh(index: number, board: BoardView, atUs: number, cause: string): void {
    const carries = this.relayUp && board.carries;
    this.availability.set(index, atUs, carries);
    if (board.channel === 'open' && !carries) this.timelines[index].enter(atUs, 'dead', cause);
    else this.timelines[index].enter(atUs, board.channel, carries ? '' : cause);
  }

  private metrics(air: AirMetrics | null): Record<MetricName, MetricValue> {
    const gauges: Record<NameOf<'gauge'>, number> = {
      ...NO_AIR,
      channel_availability: this.availability.share(this.endUs),
      connects_per_s_peak: this.connectRate.peak,
    };
    const values: Partial<Record<MetricName, MetricValue>> = { ...gauges, ...this.tally.counters, ...air };
    for (const name of metricNames('distribution')) values[name] = this.tally.distributions[name].summary();
    const ordered = Object.keys(METRICS).map((name) => [name, values[name as MetricName]]);
    return Object.fromEntries(ordered) as Record<MetricName, MetricValue>;
  }

  private boardResult(index: number): BoardResult {
    const tally = this.tally.boards[index];
    const timeline = this.timelines[index];
    return {
      id: boardId(index),
      availability: this.availability.boardShare(index, this.endUs),
      connects: tally.connects,
      disconnects: tally.disconnects,
      messagesSent: tally.messagesSent,
      messagesLost: tally.messagesSent - tally.messagesDelivered,
      worstStallMs: tally.worstStallUs / US_PER_MS,
      timeline: timeline.segments(this.endUs),
      ...(timeline.merged > 0 ? { timelineMerged: timeline.merged } : {}),
    };
  }
}
