/** Packets for tests of links: their sequence number says which they are, their size is the test's. */
import { ACK, Packet } from '../wire/packet.ts';

/** Headers of a packet without options, bytes: the smallest there is. */
export const LEAST_WIRE_BYTES = 40;

/** @param wireBytes size on the link, at least LEAST_WIRE_BYTES */
export function makePacket(number: number, wireBytes = LEAST_WIRE_BYTES): Packet {
  return new Packet(0, ACK, number, 0, 0, 'x'.repeat(wireBytes - LEAST_WIRE_BYTES), 0, 0, 0, false, null);
}
