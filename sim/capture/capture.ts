/**
 * A capture: a listener to the packets of a world that writes those of some boards as pcapng, as the boards'
 * own interfaces see them, the relay's, or both.
 *
 * A packet is seen when it leaves its sender and when it is at its receiver; one that is lost, at the sender
 * only. What is written is in the order of time, and each packet waits for its end, so that a comment can say
 * that it was lost: at most for HELD_US, and at most HELD_PACKETS do.
 */

import { boardId } from '../kernel/board-id.ts';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import { US_PER_MS } from '../kernel/units.ts';
import { boardOf } from '../net/wire/flow.ts';
import { type Packet, UDP, type Way } from '../net/wire/packet.ts';
import type { LossReason, PacketTap } from '../net/wire/packet-tap.ts';
import { boardAddress, NETMASK, RELAY } from './addresses.ts';
import { lossComment, sentComments } from './comments.ts';
import { Connections } from './connections.ts';
import { enhancedPacket, interfaceDescription, sectionHeader } from './format/write-pcapng.ts';
import { frameOf } from './frame.ts';

/**
 * Longest wait of a packet for its end, µs: a queue that is longer than this keeps the file waiting no
 * further.
 */
const HELD_US = 10_000_000;
/** About 25 MB when all of them are full. */
const HELD_PACKETS = 16_384;

export type VantagePoint = 'board' | 'relay' | 'both';

export interface CaptureParts {
  seed: number;
  /** Indices, ascending. */
  boards: readonly number[];
  at: VantagePoint;
  /** Where the relay listens. */
  relayPort: number;
  /** About all of it. */
  comment: string;
  sink: CaptureSink;
}

/** Takes whole blocks, in their order. */
export interface CaptureSink {
  /** Of what comes before the first packet. */
  begin(block: Buffer): void;
  /** Of a packet. @param atUs its time in the world */
  take(block: Buffer, atUs: number): void;
}

/** A packet as one interface has seen it. */
interface Sight {
  interface: number;
  atUs: number;
  outbound: boolean;
  frame: Buffer;
  comments: string[];
  /** There is no more to be learned of it. */
  isSettled: boolean;
}

/** A packet on its way. */
interface Flight {
  frame: Buffer;
  comments: readonly string[];
  /** null: nobody watches its sender. */
  sight: Sight | null;
}

export class Capture implements PacketTap {
  private readonly parts: CaptureParts;
  private readonly connections: Connections;
  /** Interfaces by board; empty when nobody looks there. */
  private readonly boardInterfaces = new Map<number, number>();
  /** null: nobody looks there. */
  private readonly relayInterface: number | null;
  private readonly boards: ReadonlySet<number>;
  private readonly flights = new Map<Packet, Flight>();
  /** In the order of time. */
  private held: Sight[] = [];
  /** Of those, how many at the front are written. */
  private written = 0;

  constructor(parts: CaptureParts) {
    const { seed, boards, at, sink, comment } = parts;
    this.parts = parts;
    this.connections = new Connections(seed);
    this.boards = new Set(boards);
    sink.begin(sectionHeader('squall', comment));
    if (at !== 'relay') {
      for (const board of boards) {
        const { mac, ip } = boardAddress(board);
        sink.begin(interfaceDescription(`${boardId(board)} air`, mac, Buffer.concat([ip, NETMASK])));
        this.boardInterfaces.set(board, this.boardInterfaces.size);
      }
    }
    this.relayInterface = at === 'board' ? null : this.boardInterfaces.size;
    if (at !== 'board') sink.begin(interfaceDescription('relay eth', RELAY.mac, Buffer.concat([RELAY.ip, NETMASK])));
  }

  sent(packet: Packet, way: Way, atUs: number): void {
    if (!this.boards.has(boardOf(packet.flow))) return;
    const isSegment = (packet.flags & UDP) === 0;
    const comments = sentComments(packet, isSegment && this.connections.of(packet.flow).note(packet, way));
    const frame = this.frameOf(packet, way);
    const from = this.interfaceAt(packet, way === 'up');
    const sight = from === null ? null : { interface: from, atUs, outbound: true, frame, comments, isSettled: false };
    if (sight !== null) this.held.push(sight);
    this.flights.set(packet, { frame, comments: [...comments], sight });
    if (this.flights.size > HELD_PACKETS) this.forgetOldest();
    this.writeSettled(atUs);
  }

  lost(packet: Packet, _way: Way, atUs: number, why: LossReason): void {
    const flight = this.flights.get(packet);
    if (flight === undefined) return;
    flight.sight?.comments.push(lossComment(why));
    this.settle(packet, flight);
    this.writeSettled(atUs);
  }

  delivered(packet: Packet, way: Way, atUs: number): void {
    if (!this.boards.has(boardOf(packet.flow))) return;
    const flight = this.flights.get(packet);
    this.settle(packet, flight);
    const to = this.interfaceAt(packet, way === 'down');
    if (to !== null) {
      const frame = flight?.frame ?? this.frameOf(packet, way);
      this.held.push({ interface: to, atUs, outbound: false, frame, comments: [...(flight?.comments ?? [])], isSettled: true });
    }
    this.writeSettled(atUs);
  }

  /** Writes what still waits. */
  finish(): void {
    this.writeSettled(Number.POSITIVE_INFINITY);
  }

  /**
   * Of the board, or of whoever is at the other end; null: nobody looks there. The time server's is never
   * looked at.
   */
  private interfaceAt(packet: Packet, atBoard: boolean): number | null {
    if (atBoard) return this.boardInterfaces.get(boardOf(packet.flow)) ?? null;
    return packet.flags & UDP ? null : this.relayInterface;
  }

  private frameOf(packet: Packet, way: Way): Buffer {
    const numbers = packet.flags & UDP ? null : this.connections.of(packet.flow).numbersOf(packet, way);
    return frameOf(packet, way, numbers, this.parts.relayPort);
  }

  private settle(packet: Packet, flight: Flight | undefined): void {
    if (flight === undefined) return;
    if (flight.sight !== null) flight.sight.isSettled = true;
    this.flights.delete(packet);
  }

  private forgetOldest(): void {
    const [[packet, flight]] = this.flights;
    this.settle(packet, flight);
  }

  private writeSettled(nowUs: number): void {
    const { held } = this;
    while (this.written < held.length) {
      const { isSettled, atUs, ...sight } = held[this.written];
      if (!isSettled && atUs + HELD_US > nowUs && held.length - this.written <= HELD_PACKETS) break;
      this.parts.sink.take(enhancedPacket({ ...sight, epochUs: WORLD_EPOCH_MS * US_PER_MS + atUs }), atUs);
      this.written++;
    }
    if (this.written * 2 <= held.length) return;
    this.held = held.slice(this.written);
    this.written = 0;
  }
}
