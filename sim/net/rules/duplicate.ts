/**
 * Packets that arrive twice: an acknowledgement of a frame that was lost on the air, and a receiver that does
 * not notice the second copy; a loop of switches; a path that is bridged twice. The copy follows at once, and
 * what is behind takes it for a packet of its own.
 *
 * TCP takes no byte twice: the receiver acknowledges the copy again (RFC 9293 section 3.10.7.4), which the
 * sender counts as a duplicate acknowledgement. Datagrams are the application's affair: an answer to a query
 * that was answered is ignored.
 */
import { decimal } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Hop, Next } from '../link/hop.ts';
import type { LinkRule } from '../link/link-rule.ts';
import type { Packet } from '../wire/packet.ts';

const MAX_FUZZED_PER_MILLE = 100;

export class Duplicate implements Hop {
  private readonly rate: number;
  private readonly random: RandomStream;

  /** @param rate 0 to 1 */
  constructor(rate: number, random: RandomStream) {
    this.rate = rate;
    this.random = random;
  }

  send(packet: Packet, next: Next): void {
    const again = this.random.next() < this.rate;
    next.onEvent(packet);
    if (again) next.onEvent(packet);
  }
}

export const duplicate = {
  place: 'delay',
  settings: {
    duplicateRate: {
      key: 'duplicate',
      flag: 'duplicate',
      about: 'Share of packets that arrive twice, each direction',
      field: decimal(0, 1),
      draw: (draw) => (draw.chance(0.15) ? draw.magnitude(1, MAX_FUZZED_PER_MILLE) / 1_000 : undefined),
    },
  },
  describe: ({ duplicateRate: rate = 0 }) => {
    if (rate === 0) return null;
    const share = `${Number((rate * 100).toPrecision(6))}%`;
    return { label: 'Duplicates', value: share, clause: `delivers ${share} of the packets twice` };
  },
  create: ({ duplicateRate: rate = 0 }, { stream }) =>
    rate === 0 ? null : { up: new Duplicate(rate, stream('duplicate-up')), down: new Duplicate(rate, stream('duplicate-down')) },
} as const satisfies LinkRule<{ duplicateRate?: number }>;
