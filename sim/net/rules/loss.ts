/** Independent loss: every packet has the same chance, whatever happened to those before it. */
import { decimal } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { LinkRule } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import { BurstLoss } from './burst-loss.ts';

/** At 20 packets a minute the longest burst lasts most of an hour. */
const MAX_BURST_PACKETS = 1_000;
/** Beyond it an attempt to connect fails more often than not within its time. */
const MAX_FUZZED_PER_MILLE = 200;
const MAX_FUZZED_BURST_PACKETS = 4;

export class Loss implements Rule {
  private readonly rate: number;
  private readonly random: RandomStream;

  /** @param rate 0 to 1 */
  constructor(rate: number, random: RandomStream) {
    this.rate = rate;
    this.random = random;
  }

  judge(): number {
    return this.random.next() < this.rate ? DROP : 0;
  }
}

export const loss = {
  place: 'loss',
  drawn: 0.6,
  settings: {
    lossRate: {
      key: 'loss',
      flag: 'drop-rate',
      about: 'Packet loss on the air link, per packet, each direction',
      field: decimal(0, 1),
      default: 0,
      draw: (draw) => draw.magnitude(1, MAX_FUZZED_PER_MILLE) / 1_000,
    },
    burst: {
      key: 'burst',
      flag: 'burst',
      about: 'Mean length of a loss burst in packets; 1 = independent losses',
      field: decimal(1, MAX_BURST_PACKETS),
      default: 1,
      draw: (draw) => (draw.chance(0.3) ? draw.whole(2, MAX_FUZZED_BURST_PACKETS) : 1),
    },
  },
  describe: ({ lossRate, burst }) => {
    const share = `${Number((lossRate * 100).toPrecision(6))}%`;
    const bursts = burst > 1 ? ` in bursts of ${burst} on average` : '';
    return {
      label: 'Packet loss',
      value: burst > 1 ? `${share}, bursts of ${burst}` : share,
      clause: lossRate === 0 ? 'loses nothing' : `loses ${share} of the packets each way${bursts}`,
    };
  },
  create: ({ lossRate, burst }, { stream }) => {
    if (lossRate === 0) return null;
    const onWay = (random: RandomStream): Rule =>
      burst > 1 && lossRate < 1 ? new BurstLoss(lossRate, burst, random) : new Loss(lossRate, random);
    return { up: onWay(stream('loss-up')), down: onWay(stream('loss-down')) };
  },
  lossRate: ({ lossRate }) => lossRate,
} as const satisfies LinkRule<{ lossRate: number; burst: number }>;
