/**
 * The traffic of the measurement: boards that always have something to send, boards that send at random
 * times, and the SOS fleet.
 *
 * SOS: each board sends a message every 3.25 s; the relay, at the access point, acknowledges it and sends a
 * copy to every other board; a board acknowledges each copy, or every second one as lwIP does. What is sent
 * within the window is followed until it arrives or is lost.
 */

import { US_PER_S } from 'host/units';
import { boardId } from '../../kernel/board-id.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { msFromUs, US_PER_MS } from '../../kernel/units.ts';
import type { AirReceiver } from '../../net/wifi/air/air-path.ts';
import type { BoardEnds, Cell } from './cell.ts';

export const SOS_PERIOD_US = 3_250_000;
/** Between what a host hears and what it then sends, µs, spread evenly. */
const RELAY_US = [50, 150] as const;
const BOARD_US = [300, 1000] as const;
/** lwIP looks for acknowledgements that are due at the ticks of its fast timer (TCP_TMR_INTERVAL). */
const DELAYED_ACK_TICK_US = 250 * US_PER_MS;
/** Headers of IPv4 and UDP. */
export const UDP_HEADER_BYTES = 28;
/** Boards that begin to send all at once would collide for a while. */
const STAGGER_US = 500 * US_PER_MS;
/** So many packets of each board wait at a time: more than one is always there. */
const OUTSTANDING = 2;

const NOBODY: AirReceiver = { arrive() {}, lose() {} };

/** Packets of one kind that were sent in the window: how many, how many arrived, and how long they took. */
export interface Flow {
  sent: number;
  arrived: number;
  delaysMs: number[];
}

/** What is told of a run. */
export interface Flows {
  up: Flow;
  upAck: Flow;
  down: Flow;
  downAck: Flow;
}

interface Sent {
  /** null when it was sent outside the window. */
  flow: Flow | null;
  sentUs: number;
  acknowledges: boolean;
}

/** When it is measured, and when sending ends. */
export interface Span {
  fromUs: number;
  untilUs: number;
  endUs: number;
}

/** What sends in a cell: knows who takes each packet, begins, and keeps the figures. */
export abstract class Traffic {
  readonly flows: Flows = { up: noFlow(), upAck: noFlow(), down: noFlow(), downAck: noFlow() };
  protected readonly span: Span;

  constructor(span: Span) {
    this.span = span;
  }

  abstract endsOf(board: number): BoardEnds;
  abstract begin(cell: Cell): void;

  /** A packet that is sent now. */
  protected packet(nowUs: number, flow: Flow): Sent {
    const counts = this.measures(nowUs);
    if (counts) flow.sent++;
    return { flow: counts ? flow : null, sentUs: nowUs, acknowledges: flow === this.flows.upAck || flow === this.flows.downAck };
  }

  protected measures(atUs: number): boolean {
    return atUs >= this.span.fromUs && atUs < this.span.untilUs;
  }

  protected note(packet: Sent, atUs: number): void {
    if (packet.flow === null) return;
    packet.flow.arrived++;
    packet.flow.delaysMs.push(msFromUs(atUs - packet.sentUs));
  }
}

/**
 * Every board always has a packet to send up. A delay is the time between two of a board's packets: how long
 * each took from when it was its turn.
 */
export class Saturated extends Traffic {
  private readonly bytes: number;
  private cell!: Cell;

  /** @param payloadBytes of UDP */
  constructor(span: Span, payloadBytes: number) {
    super(span);
    this.bytes = payloadBytes + UDP_HEADER_BYTES;
  }

  endsOf(board: number): BoardEnds {
    let lastUs = Number.NaN;
    const atAccessPoint = {
      arrive: (_: unknown, atUs: number) => {
        this.noteTurn(lastUs, atUs);
        lastUs = atUs;
        this.more(board);
      },
      lose: () => {
        if (this.measures(this.cell.nowUs)) this.flows.up.sent++;
        this.more(board);
      },
    };
    return { atAccessPoint, atStation: NOBODY };
  }

  begin(cell: Cell): void {
    const random = cell.random('begin');
    this.cell = cell;
    cell.boards.forEach((_, board) => {
      const beginUs = random.next() * STAGGER_US;
      for (let count = 0; count < OUTSTANDING; count++) cell.at(beginUs, () => this.more(board));
    });
  }

  private more(board: number): void {
    if (this.cell.nowUs < this.span.endUs) this.cell.boards[board].sendUp(null, this.bytes);
  }

  private noteTurn(lastUs: number, atUs: number): void {
    if (!this.measures(atUs)) return;
    const { up } = this.flows;
    up.sent++;
    up.arrived++;
    if (this.measures(lastUs)) up.delaysMs.push(msFromUs(atUs - lastUs));
  }
}

/** Every board sends packets up at random times. */
export class Poisson extends Traffic {
  private readonly bytes: number;
  private readonly meanUs: number;

  constructor(span: Span, payloadBytes: number, perSecond: number) {
    super(span);
    this.bytes = payloadBytes + UDP_HEADER_BYTES;
    this.meanUs = US_PER_S / perSecond;
  }

  endsOf(): BoardEnds {
    return { atAccessPoint: { arrive: (packet, atUs) => this.note(packet as Sent, atUs), lose() {} }, atStation: NOBODY };
  }

  begin(cell: Cell): void {
    cell.boards.forEach((board, index) => {
      const random = cell.random(`${boardId(index)}/traffic`);
      const tick = (): void => {
        if (cell.nowUs >= this.span.endUs) return;
        board.sendUp(this.packet(cell.nowUs, this.flows.up), this.bytes);
        wait();
      };
      const wait = (): void => cell.at(cell.nowUs - Math.log(1 - random.next()) * this.meanUs, tick);
      wait();
    });
  }
}

/** IP packets of the measurement, bytes. */
export const SOS_SIZES = { messageBytes: 71, copyBytes: 90, ackBytes: 40 };

export interface SosSettings {
  /** IP packets, bytes. */
  messageBytes: number;
  copyBytes: number;
  ackBytes: number;
  /**
   * Whether boards acknowledge each copy by itself, or as lwIP does: every second at once, a single one at
   * the next tick.
   */
  ackEach: boolean;
  /** When in the period each board sends, 0 to below 1. */
  phases: readonly number[];
}

export class SosFleet extends Traffic {
  private readonly settings: SosSettings;
  private readonly unacknowledged: number[] = [];
  private readonly tickPhasesUs: number[] = [];
  private cell!: Cell;
  private random!: RandomStream;

  constructor(span: Span, settings: SosSettings) {
    super(span);
    this.settings = settings;
  }

  endsOf(board: number): BoardEnds {
    return {
      atAccessPoint: { arrive: (packet, atUs) => this.atRelay(board, packet as Sent, atUs), lose() {} },
      atStation: { arrive: (packet, atUs) => this.atBoard(board, packet as Sent, atUs), lose() {} },
    };
  }

  begin(cell: Cell): void {
    this.cell = cell;
    this.random = cell.random('hosts');
    cell.boards.forEach((_, board) => {
      this.unacknowledged.push(0);
      this.tickPhasesUs.push(this.random.next() * DELAYED_ACK_TICK_US);
      this.tellEvery(board, this.settings.phases[board] * SOS_PERIOD_US);
    });
  }

  private tellEvery(board: number, atUs: number): void {
    if (atUs >= this.span.endUs) return;
    this.cell.at(atUs, () => {
      this.sendUp(board, this.flows.up, this.settings.messageBytes);
      this.tellEvery(board, atUs + SOS_PERIOD_US);
    });
  }

  private atRelay(board: number, packet: Sent, atUs: number): void {
    this.note(packet, atUs);
    if (packet.acknowledges) return;
    this.cell.at(atUs + this.random.between(...RELAY_US), () => this.copyToOthers(board));
  }

  private copyToOthers(board: number): void {
    const { cell, flows, settings } = this;
    cell.boards[board].sendDown(this.packet(cell.nowUs, flows.downAck), settings.ackBytes);
    cell.boards.forEach((other, index) => {
      if (index !== board) other.sendDown(this.packet(cell.nowUs, flows.down), settings.copyBytes);
    });
  }

  private atBoard(board: number, packet: Sent, atUs: number): void {
    this.note(packet, atUs);
    if (packet.acknowledges) return;
    const heardUs = atUs + this.random.between(...BOARD_US);
    this.cell.at(heardUs, () => (this.settings.ackEach ? this.acknowledge(board) : this.acknowledgeLater(board)));
  }

  /** Every second one at once, a single one at the next tick. */
  private acknowledgeLater(board: number): void {
    if (++this.unacknowledged[board] > 1) {
      this.acknowledge(board);
      return;
    }
    const phaseUs = this.tickPhasesUs[board];
    const ticks = Math.floor((this.cell.nowUs - phaseUs) / DELAYED_ACK_TICK_US) + 1;
    this.cell.at(phaseUs + ticks * DELAYED_ACK_TICK_US, () => {
      if (this.unacknowledged[board] > 0) this.acknowledge(board);
    });
  }

  private acknowledge(board: number): void {
    this.unacknowledged[board] = 0;
    this.sendUp(board, this.flows.upAck, this.settings.ackBytes);
  }

  private sendUp(board: number, flow: Flow, bytes: number): void {
    this.cell.boards[board].sendUp(this.packet(this.cell.nowUs, flow), bytes);
  }
}

function noFlow(): Flow {
  return { sent: 0, arrived: 0, delaysMs: [] };
}
