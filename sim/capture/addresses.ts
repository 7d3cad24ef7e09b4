/**
 * What machines of a world are called on the wire, where the world itself has only numbers: board-7 is
 * 10.0.0.7 and board-300 is 10.0.1.44 in the network 10.0.0.0/16, the relay is 10.0.255.1, the time server
 * 10.0.255.123. All of them are on one Ethernet, as behind an access point that is a bridge.
 */

export interface Address {
  /** 6 bytes. */
  mac: Buffer;
  /** 4 bytes. */
  ip: Buffer;
}

/** 10.0.0.0/16; the largest world has 16,384 boards (net/wire/flow.ts), so that 10.0.255.x is free. */
const NETWORK = 0x0a000000;
export const NETMASK = Buffer.from([255, 255, 0, 0]);
/** Espressif's prefix, as boards have it (board/board.ts). */
const ESPRESSIF = 0x240ac4;
/** One that its user has made up: the bit for locally administered addresses is set. */
const LOCAL_PREFIX = 0x020000;

export const RELAY = address(LOCAL_PREFIX, NETWORK + 0xff01, 1);
export const TIME_SERVER = address(LOCAL_PREFIX, NETWORK + 0xff7b, 123);

/** Ephemeral ports of lwIP (TCP_LOCAL_PORT_RANGE_START) and of RFC 6335: 49152 to 65535. */
const FIRST_PORT = 49_152;
const PORTS = 16_384;

/** @param index of the board, 0-based, below 16,384 */
export function boardAddress(index: number): Address {
  return address(ESPRESSIF, NETWORK + index + 1, index);
}

/**
 * A board's connections take its ephemeral ports one after the other, and its datagrams the first. @param
 * connection counts from 1; 0: datagrams
 */
export function boardPort(connection: number): number {
  return FIRST_PORT + (connection % PORTS);
}

function address(prefix: number, ip: number, serial: number): Address {
  const bytes = Buffer.alloc(10);
  bytes.writeUIntBE(prefix, 0, 3);
  bytes.writeUIntBE(serial, 3, 3);
  bytes.writeUInt32BE(ip, 6);
  return { mac: bytes.subarray(0, 6), ip: bytes.subarray(6) };
}
