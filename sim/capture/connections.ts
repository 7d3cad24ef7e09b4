/**
 * What a capture must know of a connection: its initial sequence numbers, which the world does not have (it
 * counts from 0), and how far each way has come, by which a segment is known as sent again.
 *
 * The numbers are drawn from a stream by the name of the connection, which nothing else in a run asks for:
 * who captures what changes neither run nor numbers.
 */
import { boardId } from '../kernel/board-id.ts';
import { RandomStreams } from '../kernel/random.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { ACK, type Packet, RST, type Way } from '../net/wire/packet.ts';

/**
 * Of a board: those that it has used last. A board has a few sockets, and a relay may hold on to some that
 * died.
 */
const CONNECTIONS_KEPT = 16;
const TWO_POW_32 = 2 ** 32;

/** As they stand in a TCP header. */
export interface Numbers {
  seq: number;
  ack: number;
  /** Of the ranges of a SACK option: start, end, start, end … */
  edges: readonly number[];
}

export class Connection {
  private readonly initial: Record<Way, number>;
  /** First sequence number that has not been sent, from 0. */
  private readonly next: Record<Way, number> = { up: 0, down: 0 };

  constructor(up: number, down: number) {
    this.initial = { up, down };
  }

  /** Takes a packet that was just sent. @returns whether all of it was sent before: a retransmission */
  note(packet: Packet, way: Way): boolean {
    const end = packet.seq + packet.length;
    const isAgain = packet.length > 0 && end <= this.next[way];
    this.next[way] = Math.max(this.next[way], end);
    return isAgain;
  }

  numbersOf(packet: Packet, way: Way): Numbers {
    const other = this.initial[way === 'up' ? 'down' : 'up'];
    return {
      seq: this.seqOf(packet, way),
      ack: packet.flags & ACK ? (other + packet.ack) % TWO_POW_32 : 0,
      edges: packet.sack?.map((edge) => (other + edge) % TWO_POW_32) ?? [],
    };
  }

  private seqOf({ flags, seq }: Packet, way: Way): number {
    // Nobody listens there, so that there is no number to begin with (RFC 9293 section 3.10.7.1).
    if (flags & RST && flags & ACK && seq === 0) return 0;
    // Somebody on the way has made it up, who has seen what passed.
    const counted = flags === RST ? this.next[way] : seq;
    return (this.initial[way] + counted) % TWO_POW_32;
  }
}

export class Connections {
  private readonly streams: RandomStreams;
  /** By board, then by flow, the one that was used longest ago first. */
  private readonly boards = new Map<number, Map<number, Connection>>();

  constructor(seed: number) {
    this.streams = new RandomStreams(seed);
  }

  of(flow: number): Connection {
    const board = boardOf(flow);
    let kept = this.boards.get(board);
    if (kept === undefined) {
      kept = new Map();
      this.boards.set(board, kept);
    }
    const connection = kept.get(flow) ?? this.begin(flow);
    kept.delete(flow);
    kept.set(flow, connection);
    const [oldest] = kept.keys();
    if (kept.size > CONNECTIONS_KEPT) kept.delete(oldest);
    return connection;
  }

  private begin(flow: number): Connection {
    const stream = this.streams.stream(`capture/${boardId(boardOf(flow))}/${connectionOf(flow)}`);
    return new Connection(stream.uint32(), stream.uint32());
  }
}
