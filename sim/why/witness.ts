/**
 * Reads along in one run and remembers what happened around a moment: each packet with what it carries, how
 * often it was sent before, and what became of it, and each event.
 */
import { formatMs } from 'host/format';
import { boardId } from '../kernel/board-id.ts';
import type { TraceRecord } from '../kernel/trace.ts';
import { msFromUs } from '../kernel/units.ts';
import { boardOf } from '../net/wire/flow.ts';
import { FIN, type Packet, SYN, type Way } from '../net/wire/packet.ts';
import type { LossReason, PacketTap } from '../net/wire/packet-tap.ts';
import { packetWords } from './packet-words.ts';

export interface Happening {
  atMs: number;
  /** When a packet was lost, on a shared medium some time after it was sent; of all else the same. */
  decidedMs: number;
  /** `board-1`; '' when it is nobody's. */
  board: string;
  what: string;
  isPacket: boolean;
  /** Something of a board has come to an end: a session, a channel, its Wi-Fi. */
  isEnd: boolean;
  isLoss: boolean;
}

/** More are not kept: in a large fleet a moment has thousands. */
const MAX_HAPPENINGS = 20_000;
/** Sequence numbers of a way that are remembered, for telling retransmissions. */
const MAX_SEQUENCES = 64;

/** Packets are heard of as they are; the others say nothing that another event does not. */
const UNTOLD = ['packet', 'pin', 'board.log', 'message.written'];
const ENDS = ['ws.close', 'ws.refused', 'wifi.lost', 'board.error', 'board.off'];

const ORDINALS = ['', 'first ', 'second ', 'third ', 'fourth ', 'fifth ', 'sixth ', 'seventh ', 'eighth ', 'ninth '];

/** Of one way of one connection. */
interface WayState {
  /** How often what begins at this number was sent. */
  sent: Map<number, number>;
  lostInARow: number;
}

export class Witness implements PacketTap {
  readonly happenings: Happening[] = [];
  private readonly fromMs: number;
  private readonly toMs: number;
  private readonly ways = new Map<string, WayState>();
  private readonly pending = new Map<Packet, { happening: Happening; state: WayState }>();

  /** @param fromMs of what is remembered @param toMs the last */
  constructor(fromMs: number, toMs: number) {
    this.fromMs = fromMs;
    this.toMs = toMs;
  }

  /** A line of the trace; packets are heard of as they are. */
  onLine(line: string, atMs: number): void {
    if (!this.isRemembered(atMs)) return;
    const { t: _, event, board = '', connection: __, ...rest } = JSON.parse(line) as TraceRecord;
    if (UNTOLD.includes(event)) return;
    const fields = Object.entries(rest).map(([name, value]) =>
      name.endsWith('_ms') ? `${name.slice(0, -3)} ${formatMs(Number(value))}` : String(value),
    );
    this.remember({
      atMs,
      decidedMs: atMs,
      board,
      what: [event, ...fields].join(' '),
      isPacket: false,
      isEnd: isEnd(event, rest),
      isLoss: false,
    });
  }

  sent(packet: Packet, way: Way, atUs: number): void {
    const atMs = msFromUs(atUs);
    if (atMs > this.toMs) return;
    const state = this.stateOf(packet, way);
    const before = countSent(packet, state);
    if (!this.isRemembered(atMs)) return;
    const happening: Happening = {
      atMs,
      decidedMs: atMs,
      board: boardId(boardOf(packet.flow)),
      what: whatIsSent(packet, way, before),
      isPacket: true,
      isEnd: false,
      isLoss: false,
    };
    this.remember(happening);
    this.pending.set(packet, { happening, state });
  }

  lost(packet: Packet, way: Way, atUs: number, why: LossReason): void {
    const state = this.stateOf(packet, way);
    if (msFromUs(atUs) > this.toMs && !this.pending.has(packet)) return;
    state.lostInARow++;
    const seen = this.pending.get(packet);
    if (seen === undefined) return;
    this.pending.delete(packet);
    const row = state.lostInARow > 1 ? `, number ${state.lostInARow} of those lost in a row` : '';
    seen.happening.isLoss = true;
    seen.happening.decidedMs = msFromUs(atUs);
    seen.happening.what += ` is lost (${why.replace(/^(rule|hop)\./, '')}${row})`;
  }

  delivered(packet: Packet, way: Way, atUs: number): void {
    if (msFromUs(atUs) <= this.toMs) this.stateOf(packet, way).lostInARow = 0;
    const seen = this.pending.get(packet);
    if (seen === undefined) return;
    this.pending.delete(packet);
    seen.happening.what += ` arrives after ${formatMs(Math.max(0, msFromUs(atUs) - seen.happening.atMs))}`;
  }

  private isRemembered(atMs: number): boolean {
    return atMs >= this.fromMs && atMs <= this.toMs;
  }

  private remember(happening: Happening): void {
    if (this.happenings.length < MAX_HAPPENINGS) this.happenings.push(happening);
  }

  private stateOf({ flow }: Packet, way: Way): WayState {
    const key = `${flow}/${way}`;
    const known = this.ways.get(key);
    if (known !== undefined) return known;
    const state: WayState = { sent: new Map(), lostInARow: 0 };
    this.ways.set(key, state);
    return state;
  }
}

/** @param rest of the event's fields */
function isEnd(event: string, rest: Readonly<Record<string, unknown>>): boolean {
  return ENDS.includes(event) || (event === 'channel.state' && rest.cause !== undefined);
}

/** @returns how often it was sent before */
function countSent({ seq, data, flags }: Packet, { sent }: WayState): number {
  if (data.length === 0 && (flags & (SYN | FIN)) === 0) return 0;
  const before = sent.get(seq) ?? 0;
  sent.delete(seq);
  sent.set(seq, before + 1);
  if (sent.size > MAX_SEQUENCES) sent.delete(sent.keys().next().value as number);
  return before;
}

function whatIsSent(packet: Packet, way: Way, before: number): string {
  const words = packetWords(packet);
  const again = before === 0 ? '' : `the ${ORDINALS[before] ?? `${before}th `}retransmission of `;
  return `${way === 'up' ? 'to' : 'from'} the relay: ${again}${words}`;
}
