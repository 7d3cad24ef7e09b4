/**
 * A packet of the world as an Ethernet frame: IPv4 (RFC 791), TCP (RFC 9293) with the options that the
 * world's TCP knows, UDP (RFC 768), each with its checksum.
 *
 * The IP packet is as long as the world reckoned with (`Packet.wireBytes`): what a SYN has no option for is
 * filled with NOPs. What the world does not have is as plain as can be: identification 0 under "don't
 * fragment" (RFC 6864), TTL 64, no PSH, no padding to Ethernet's 60 bytes, as a capture at the sender shows
 * it.
 */
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { ACK, FIN, type Packet, RST, SYN, type Way } from '../net/wire/packet.ts';
import { type Address, boardAddress, boardPort, RELAY, TIME_SERVER } from './addresses.ts';
import type { Numbers } from './connections.ts';

const ETHERNET_BYTES = 14;
const ETHERTYPE_IPV4 = 0x0800;
const IP_BYTES = 20;
const VERSION_AND_LENGTH = 0x45;
const DONT_FRAGMENT = 0x4000;
const TTL = 64;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const TCP_BYTES = 20;
const UDP_BYTES = 8;
const NTP_PORT = 123;
const WORD_BYTES = 4;

/** Bits of the TCP header, by the world's own. */
const FLAG_BITS = [
  [FIN, 0x01],
  [SYN, 0x02],
  [RST, 0x04],
  [ACK, 0x10],
] as const;

/** Kinds of TCP options, with their lengths: RFC 9293 section 3.1, RFC 2018, RFC 7323. */
const NOP = 1;
const MSS = 2;
const MSS_BYTES = 4;
const SACK_PERMITTED = 4;
const SACK_PERMITTED_BYTES = 2;
const SACK = 5;
const TIMESTAMPS = 8;
const TIMESTAMPS_BYTES = 10;
/** Of option space. */
const SYN_ALONE_BYTES = 8;

/** @param numbers null: a datagram has none @param relayPort where the relay listens */
export function frameOf(packet: Packet, way: Way, numbers: Numbers | null, relayPort: number): Buffer {
  const board = boardAddress(boardOf(packet.flow));
  const far = numbers === null ? TIME_SERVER : RELAY;
  const [from, to] = way === 'up' ? [board, far] : [far, board];
  const ports = [boardPort(connectionOf(packet.flow)), numbers === null ? NTP_PORT : relayPort];
  if (way === 'down') ports.reverse();

  const frame = Buffer.alloc(ETHERNET_BYTES + packet.wireBytes);
  to.mac.copy(frame, 0);
  from.mac.copy(frame, 6);
  frame.writeUInt16BE(ETHERTYPE_IPV4, 12);
  const ip = frame.subarray(ETHERNET_BYTES);
  writeIp(ip, from, to, numbers === null ? PROTOCOL_UDP : PROTOCOL_TCP);
  const body = ip.subarray(IP_BYTES);
  body.writeUInt16BE(ports[0], 0);
  body.writeUInt16BE(ports[1], 2);
  if (numbers === null) writeUdp(body, packet);
  else writeTcp(body, packet, numbers);
  writeChecksum(ip, numbers === null ? 6 : 16);
  return frame;
}

/**
 * Ones' complement of the ones' complement sum of 16-bit words (RFC 1071). @param sum of what else belongs to
 * it
 */
export function checksum(bytes: Buffer, sum = 0): number {
  let total = sum;
  const even = bytes.length - (bytes.length % 2);
  for (let at = 0; at < even; at += 2) total += (bytes[at] << 8) | bytes[at + 1];
  if (even < bytes.length) total += bytes[even] << 8;
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x10000);
  return total ^ 0xffff;
}

function writeIp(ip: Buffer, from: Address, to: Address, protocol: number): void {
  ip.writeUInt8(VERSION_AND_LENGTH, 0);
  ip.writeUInt16BE(ip.length, 2);
  ip.writeUInt16BE(DONT_FRAGMENT, 6);
  ip.writeUInt8(TTL, 8);
  ip.writeUInt8(protocol, 9);
  from.ip.copy(ip, 12);
  to.ip.copy(ip, 16);
  ip.writeUInt16BE(checksum(ip.subarray(0, IP_BYTES)), 10);
}

function writeUdp(body: Buffer, { data }: Packet): void {
  body.writeUInt16BE(body.length, 4);
  body.write(data, UDP_BYTES, 'latin1');
}

function writeTcp(body: Buffer, packet: Packet, { seq, ack, edges }: Numbers): void {
  const { flags, window, data } = packet;
  const headerBytes = body.length - data.length;
  let bits = 0;
  for (const [flag, bit] of FLAG_BITS) if (flags & flag) bits |= bit;
  body.writeUInt32BE(seq, 4);
  body.writeUInt32BE(ack, 8);
  body.writeUInt8((headerBytes / WORD_BYTES) << 4, 12);
  body.writeUInt8(bits, 13);
  body.writeUInt16BE(window, 14);
  Buffer.from(optionsOf(packet, edges)).copy(body, TCP_BYTES);
  body.write(data, headerBytes, 'latin1');
}

function optionsOf({ flags, mss, sackPermitted, tsval, tsecr }: Packet, edges: readonly number[]): number[] {
  const options: number[] = [];
  if (flags & SYN) {
    options.push(MSS, MSS_BYTES, ...bytesOf(mss, 2), ...(sackPermitted ? [SACK_PERMITTED, SACK_PERMITTED_BYTES] : []));
    while (options.length < SYN_ALONE_BYTES) options.push(NOP);
  }
  if (tsval > 0) options.push(NOP, NOP, TIMESTAMPS, TIMESTAMPS_BYTES, ...bytesOf(tsval, 4), ...bytesOf(tsecr, 4));
  if (edges.length > 0) options.push(NOP, NOP, SACK, 2 + edges.length * 4, ...edges.flatMap((edge) => bytesOf(edge, 4)));
  return options;
}

function bytesOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (value >>> (8 * (count - 1 - index))) & 0xff);
}

/**
 * Over addresses, protocol and length (the pseudo header of RFC 9293 section 3.1) and all behind the IP
 * header. @param at within that
 */
function writeChecksum(ip: Buffer, at: number): void {
  const body = ip.subarray(IP_BYTES);
  const addresses = checksum(ip.subarray(12, 20)) ^ 0xffff;
  const sum = checksum(body, addresses + ip[9] + body.length);
  // UDP's 0 means that there is none.
  body.writeUInt16BE(sum === 0 && ip[9] === PROTOCOL_UDP ? 0xffff : sum, at);
}
