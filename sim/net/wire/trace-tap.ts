/**
 * The trace as a listener to one link's packets: each as it is sent. What later hops of its way add or lose
 * is not in it.
 */
import type { Trace } from '../../kernel/trace.ts';
import type { Packet, Way } from './packet.ts';
import type { PacketTap } from './packet-tap.ts';

export class TraceTap implements PacketTap {
  private readonly trace: Trace;
  private readonly board: number;

  /** @param board whose link it is, 0-based */
  constructor(trace: Trace, board: number) {
    this.trace = trace;
    this.board = board;
  }

  sent(packet: Packet, way: Way, atUs: number, delayUs: number): void {
    const up = way === 'up' ? 1 : 0;
    this.trace.recordPacket(atUs, this.board, up, packet.flags, packet.seq, packet.ack, packet.data.length, delayUs);
  }
}
