/**
 * SNTP (RFC 4330): one datagram there, one back, with the server's clock in it. As lwIP's client does it: no
 * correction for the round trip (`SNTP_COMP_ROUNDTRIP` is off), no repetition within a question.
 */
import { Packet, UDP } from './wire/packet.ts';

const MESSAGE_BYTES = 48;
/**
 * Section 4: leap indicator, version and mode in the first byte, which lwIP's client fills alone. No warning,
 * version 4; client, server.
 */
const CLIENT = 0x23;
const SERVER = 0x24;
/** In the second byte: a primary server. */
const STRATUM = 1;
/** Where the transmit timestamp begins. */
const TRANSMIT_AT = 40;
/** From 1900, NTP's epoch, to 1970. */
const NTP_EPOCH_S = 2_208_988_800;
const TWO_POW_32 = 4_294_967_296;

export function timeRequest(flow: number): Packet {
  const message = Buffer.alloc(MESSAGE_BYTES);
  message.writeUInt8(CLIENT, 0);
  return datagram(flow, message);
}

/** @param epochMs the server's clock, ms since 1970 */
export function timeAnswer({ flow }: Packet, epochMs: number): Packet {
  const message = Buffer.alloc(MESSAGE_BYTES);
  message.writeUInt8(SERVER, 0);
  message.writeUInt8(STRATUM, 1);
  const seconds = Math.floor(epochMs / 1000);
  message.writeUInt32BE((seconds + NTP_EPOCH_S) % TWO_POW_32, TRANSMIT_AT);
  message.writeUInt32BE(Math.floor(((epochMs / 1000 - seconds) * TWO_POW_32) % TWO_POW_32), TRANSMIT_AT + 4);
  return datagram(flow, message);
}

/** Milliseconds since 1970 that an answer tells. */
export function timeOf({ data }: Packet): number {
  const message = Buffer.from(data, 'latin1');
  const seconds = message.readUInt32BE(TRANSMIT_AT) - NTP_EPOCH_S;
  return Math.round((seconds + message.readUInt32BE(TRANSMIT_AT + 4) / TWO_POW_32) * 1000);
}

function datagram(flow: number, message: Buffer): Packet {
  return new Packet(flow, UDP, 0, 0, 0, message.toString('latin1'), 0, 0, 0, false, null);
}
