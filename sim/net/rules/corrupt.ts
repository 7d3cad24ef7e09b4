/**
 * Bits that arrive wrong, each by itself. The receiver's checksum finds it and the packet is dropped without
 * a word, so that to TCP it is a loss: of a long packet more often than of a short one.
 *
 * The Internet checksum (RFC 1071) misses what cancels out in one of its 16 columns, for which two wrong bits
 * have to meet: in a column (1 in 16) and of opposite value (1 in 2). `missedRate` says how often. Not
 * modelled: that such a packet is taken for good. Measured in the wild, 1 packet in 1,100 to 32,000 failed
 * the checksum behind links with a CRC (Stone and Partridge, SIGCOMM 2000).
 */
import { BITS_PER_BYTE } from 'host/units';
import { decimal } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { LinkRule } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import type { Packet } from '../wire/packet.ts';

/** Of 40 bytes one packet in four is wrong, and of 1,500 none is right. */
const MAX_BIT_ERROR_RATE = 1e-3;
/** A packet as large as Ethernet carries, and a query of DNS, bytes. */
const FULL_BYTES = 1_500;
const QUERY_BYTES = 100;
/** Of two wrong bits to stand in one column of the checksum, with opposite values. */
const CANCEL_CHANCE = 1 / 16 / 2;

export class Corrupt implements Rule {
  private readonly logRightBit: number;
  private readonly random: RandomStream;

  /** @param rate of wrong bits, above 0 and below 1 */
  constructor(rate: number, random: RandomStream) {
    this.logRightBit = Math.log1p(-rate);
    this.random = random;
  }

  judge(packet: Packet): number {
    return this.random.next() < Math.exp(this.logRightBit * BITS_PER_BYTE * packet.wireBytes) ? 0 : DROP;
  }
}

/** Share of the packets of that size that are wrong. */
export function wrongRate(bitErrorRate: number, bytes: number): number {
  return -Math.expm1(Math.log1p(-bitErrorRate) * BITS_PER_BYTE * bytes);
}

/** Share of the packets of that size in which two bits are wrong and the checksum is right. */
export function missedRate(bitErrorRate: number, bytes: number): number {
  const bits = BITS_PER_BYTE * bytes;
  const others = Math.exp(Math.log1p(-bitErrorRate) * (bits - 2));
  return ((bits * (bits - 1)) / 2) * bitErrorRate ** 2 * others * CANCEL_CHANCE;
}

export const corrupt = {
  place: 'receiver',
  settings: {
    bitErrorRate: {
      key: 'corrupt',
      flag: 'corrupt',
      about: 'Share of bits that arrive wrong; checksums find them, so the packet is lost, a long one more often than a short one',
      field: decimal(0, MAX_BIT_ERROR_RATE),
      draw: (draw) => (draw.chance(0.15) ? draw.pick([1e-7, 1e-6, 1e-5]) : undefined),
    },
  },
  describe: ({ bitErrorRate: rate = 0 }) => {
    if (rate === 0) return null;
    const oneIn = (share: number) => `1 in ${Number((1 / share).toPrecision(2)).toLocaleString('en')}`;
    const wrong = oneIn(wrongRate(rate, FULL_BYTES));
    const missed = oneIn(missedRate(rate, FULL_BYTES));
    return {
      label: 'Bit errors',
      value: `${oneIn(rate)} bits: ${wrong} full packets dropped, ${missed} would pass the checksum`,
      clause: `spoils ${oneIn(rate)} bits (a checksum drops ${wrong} packets of ${FULL_BYTES} bytes and would miss ${missed})`,
    };
  },
  create: ({ bitErrorRate: rate = 0 }, { stream }) =>
    rate === 0 ? null : { up: new Corrupt(rate, stream('bits-up')), down: new Corrupt(rate, stream('bits-down')) },
  lossRate: ({ bitErrorRate: rate = 0 }) => (rate === 0 ? null : wrongRate(rate, QUERY_BYTES)),
} as const satisfies LinkRule<{ bitErrorRate?: number }>;
