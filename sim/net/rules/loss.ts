/** Independent loss: every packet has the same chance, whatever happened to those before it. */
import type { Draw } from '../../kernel/draw.ts';
import { decimal } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { type LinkRule, onOneWay } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import type { Way } from '../wire/packet.ts';
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

const eachWay = {
  key: 'loss',
  flag: 'drop-rate',
  about: 'Packet loss on the air link, per packet, each direction',
  field: decimal(0, 1),
  default: 0,
  draw: (draw: Draw) => draw.magnitude(1, MAX_FUZZED_PER_MILLE) / 1_000,
} as const;

export const loss = {
  place: 'loss',
  drawn: 0.6,
  settings: {
    lossRate: eachWay,
    burst: {
      key: 'burst',
      flag: 'burst',
      about: 'Mean length of a loss burst in packets; 1 = independent losses',
      field: decimal(1, MAX_BURST_PACKETS),
      default: 1,
      draw: (draw) => (draw.chance(0.3) ? draw.whole(2, MAX_FUZZED_BURST_PACKETS) : 1),
    },
    lossUp: onOneWay('up', eachWay),
    lossDown: onOneWay('down', eachWay),
  },
  describe: (settings) => {
    const { up, down } = ratesOf(settings);
    const most = Math.max(up, down);
    const bursts = settings.burst > 1 && most > 0 ? ` in bursts of ${settings.burst} on average` : '';
    const shares = up === down ? percent(up) : `${percent(up)} up, ${percent(down)} down`;
    const lost =
      up === down
        ? `${percent(up)} of the packets each way`
        : `${percent(up)} of the packets on the way up and ${percent(down)} on the way down`;
    return {
      label: 'Packet loss',
      value: settings.burst > 1 ? `${shares}, bursts of ${settings.burst}` : shares,
      clause: most === 0 ? 'loses nothing' : `loses ${lost}${bursts}`,
    };
  },
  create: (settings, { stream }) => {
    const rates = ratesOf(settings);
    const onWay = (way: Way): Rule | null => {
      const rate = rates[way];
      if (rate === 0) return null;
      return settings.burst > 1 && rate < 1
        ? new BurstLoss(rate, settings.burst, stream(`loss-${way}`))
        : new Loss(rate, stream(`loss-${way}`));
    };
    return rates.up === 0 && rates.down === 0 ? null : { up: onWay('up'), down: onWay('down') };
  },
  lossRate: (settings) => Math.max(...Object.values(ratesOf(settings))),
} as const satisfies LinkRule<LossSettings>;

export interface LossSettings {
  lossRate: number;
  lossUp?: number;
  lossDown?: number;
  burst: number;
}

function ratesOf({ lossRate, lossUp = lossRate, lossDown = lossRate }: LossSettings): Record<Way, number> {
  return { up: lossUp, down: lossDown };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}
