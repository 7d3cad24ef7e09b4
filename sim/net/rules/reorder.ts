/**
 * Packets that are overtaken: some are held back for a random time, and what was sent behind them passes, as
 * on paths of several links and in radios that repeat a frame while others go on.
 *
 * Three packets that overtake one make three duplicate acknowledgements, and a sender without SACK resends
 * what was never lost (a spurious fast retransmit, RFC 5681 section 3.2): lwIP as well as Linux towards it.
 * Of thin traffic, a message at a time, next to nothing overtakes. Not modelled: senders that learn from it
 * (D-SACK, Eifel; tcp_reordering of Linux).
 */
import { formatDuration } from 'host/units';
import { decimal, duration } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { Hop, Next } from '../link/hop.ts';
import type { LinkRule } from '../link/link-rule.ts';
import type { Packet } from '../wire/packet.ts';

/** The most that a packet is held back when nobody says otherwise, ms; assumed. */
const DEFAULT_HOLD_MS = 20;
/** Beyond it a packet is late, and not out of order, ms. */
const MAX_HOLD_MS = 10_000;
const MAX_FUZZED_PER_MILLE = 100;

export class Reorder implements Hop {
  private readonly timeline: Timeline;
  private readonly rate: number;
  private readonly mostUs: number;
  private readonly random: RandomStream;

  /** @param rate 0 to 1 @param mostUs the longest that one is held back */
  constructor(timeline: Timeline, rate: number, mostUs: number, random: RandomStream) {
    this.timeline = timeline;
    this.rate = rate;
    this.mostUs = mostUs;
    this.random = random;
  }

  /** Not by `takeAt`: a chain of rules keeps the order in which it hears of packets. */
  send(packet: Packet, next: Next): void {
    if (this.random.next() >= this.rate) next.onEvent(packet);
    else this.timeline.schedule(this.timeline.nowUs + Math.ceil(this.random.next() * this.mostUs), next, packet);
  }
}

export const reorder = {
  place: 'delay',
  settings: {
    reorderRate: {
      key: 'reorder',
      flag: 'reorder',
      about: 'Share of packets that are held back so that later ones overtake them, each direction',
      field: decimal(0, 1),
      draw: (draw) => (draw.chance(0.15) ? draw.magnitude(1, MAX_FUZZED_PER_MILLE) / 1_000 : undefined),
    },
    reorderByMs: {
      key: 'reorder_by',
      flag: 'reorder-by',
      about: `How long such a packet is held back at most (${formatDuration(DEFAULT_HOLD_MS)} when it is not given)`,
      field: duration(1, MAX_HOLD_MS),
      draw: (draw) => (draw.chance(0.1) ? draw.duration(1, 500) : undefined),
    },
  },
  describe: ({ reorderRate: rate = 0, reorderByMs: mostMs = DEFAULT_HOLD_MS }) => {
    if (rate === 0) return null;
    const share = `${Number((rate * 100).toPrecision(6))}%`;
    const most = formatDuration(mostMs);
    return {
      label: 'Reordering',
      value: `${share}, by up to ${most}`,
      clause: `holds ${share} of the packets back by up to ${most}, so that later ones overtake them`,
    };
  },
  create: ({ reorderRate: rate = 0, reorderByMs: mostMs = DEFAULT_HOLD_MS }, { timeline, stream }) => {
    if (rate === 0) return null;
    const onWay = (name: string) => new Reorder(timeline, rate, usFromMs(mostMs), stream(name));
    return { up: onWay('reorder-up'), down: onWay('reorder-down') };
  },
} as const satisfies LinkRule<{ reorderRate?: number; reorderByMs?: number }>;
