/** What a packet carries, in the words of whoever reads along: `the pong`, `the SYN`, `an acknowledgement`. */
import { ACK, FIN, ICMP, type Packet, RST, SYN, UDP } from '../net/wire/packet.ts';

const OPCODES: Readonly<Record<number, string>> = {
  0: 'part of a message',
  1: 'a message',
  2: 'a message',
  8: 'the close',
  9: 'the ping',
  10: 'the pong',
};
/** TLS: alert, handshake and application data (RFC 5246 section 6.2.1), change of cipher. */
const RECORDS: Readonly<Record<number, string>> = {
  20: 'part of the TLS handshake',
  21: 'a TLS alert',
  22: 'part of the TLS handshake',
  23: 'a TLS record',
};
const FIN_BIT = 0x80;
const RESERVED_BITS = 0x70;

export function packetWords({ flags, data }: Packet): string {
  if (flags & ICMP) return 'an ICMP message';
  if (flags & UDP) return 'a datagram of SNTP';
  if (flags & SYN) return flags & ACK ? 'the SYN-ACK' : 'the SYN';
  if (flags & RST) return 'a RST';
  if (data.length > 0) return dataWords(data);
  return flags & FIN ? 'the FIN' : 'an acknowledgement';
}

/** By how it begins: a packet in the middle of something is not told from data. */
function dataWords(data: string): string {
  if (data.startsWith('GET ')) return 'the upgrade request';
  if (data.startsWith('HTTP/1.1 101')) return 'the answer to the upgrade';
  if (data.startsWith('HTTP/1.1 ')) return 'a refusal over HTTP';
  const first = data.charCodeAt(0);
  if (data.charCodeAt(1) === 3 && RECORDS[first] !== undefined) return RECORDS[first];
  const opcode = OPCODES[first & 0x0f];
  return opcode !== undefined && (first & RESERVED_BITS) === 0 && ((first & FIN_BIT) !== 0 || (first & 0x0f) < 3)
    ? opcode
    : `${data.length} bytes of data`;
}
