/** For what a board draws its current. */
import { ACK, type Packet, SYN, UDP } from '../../net/wire/packet.ts';

/**
 * boot · joining a network · DNS, TCP, TLS and the opening handshake of a connection · pings and pongs ·
 * messages · the firmware's computing · a radio that is joined and listens, or wakes for beacons · all the
 * rest: nothing goes on.
 */
export const CAUSES = ['boot', 'joins', 'connects', 'keepalive', 'messages', 'computing', 'listening', 'idle'] as const;

export type Cause = (typeof CAUSES)[number];

/** What packets are for. */
export type PacketCause = 'connects' | 'keepalive' | 'messages';

/** Of a WebSocket frame (RFC 6455, 5.2): its first byte without the reserved bits. */
const OPCODE_AND_FIN = 0x8f;
const PING = 0x89;
const PONG = 0x8a;
const CLOSE = 0x88;
/** Record types of TLS, and where the data of one begins (net/tls/records.ts, which leaves it in clear). */
const TLS_CHANGE_CIPHER_SPEC = 20;
const TLS_HANDSHAKE = 22;
const TLS_APPLICATION_DATA = 23;
const TLS_MAJOR = 3;
const TLS_PREFIX_BYTES = 13;

/**
 * Judged by how its data begins; an acknowledgement without any is for what came before it. Of firmware that
 * speaks something else than WebSocket all data are messages.
 * @param before what the board's packet before it was for
 */
export function causeOf({ flags, data }: Packet, before: PacketCause): PacketCause {
  if (data.length === 0) return flags & ACK && !(flags & SYN) ? before : 'connects';
  if (flags & UDP) return 'connects';
  const first = data.charCodeAt(0);
  if (data.charCodeAt(1) !== TLS_MAJOR) return causeOfStream(first, data);
  if (first === TLS_APPLICATION_DATA) return causeOfStream(data.charCodeAt(TLS_PREFIX_BYTES), data.substring(TLS_PREFIX_BYTES));
  return first >= TLS_CHANGE_CIPHER_SPEC && first <= TLS_HANDSHAKE ? 'connects' : causeOfStream(first, data);
}

function causeOfStream(first: number, data: string): PacketCause {
  const opcode = first & OPCODE_AND_FIN;
  if (opcode === PING || opcode === PONG) return 'keepalive';
  if (opcode === CLOSE) return 'connects';
  return data.startsWith('GET ') || data.startsWith('HTTP/') ? 'connects' : 'messages';
}
