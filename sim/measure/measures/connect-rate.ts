/**
 * How fast sessions were opened at the relay: per second of the run, and the most within any one second,
 * wherever that second begins.
 */
import { US_PER_S } from 'host/units';
import { TimeFifo } from '../fleet/time-fifo.ts';
import { gauge, measure } from './measure.ts';

export const connectRate = measure({
  metrics: { connects_per_s_peak: gauge('per second', 'Most sessions that the relay opened within any one second.') },
  create({ values }) {
    const perSecond: number[] = [];
    const lastSecond = new TimeFifo({ count: 0 });
    return {
      handlers: {
        'ws.open': ({ atUs }) => {
          const second = Math.floor(atUs / US_PER_S);
          while (perSecond.length <= second) perSecond.push(0);
          perSecond[second]++;
          while (lastSecond.length > 0 && lastSecond.peek() <= atUs - US_PER_S) lastSecond.shift();
          lastSecond.push(atUs);
          values.connects_per_s_peak = Math.max(values.connects_per_s_peak, lastSecond.length);
        },
      },
      /** One number per second that the run lasted, a last part of a second included. */
      finish: (endUs) => ({
        connectsPerSecond: Array.from({ length: Math.ceil(endUs / US_PER_S) }, (_, second) => perSecond[second] ?? 0),
      }),
    };
  },
});
