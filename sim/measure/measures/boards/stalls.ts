/**
 * Late timers of the fleet's main loops, and what held the CPU. Causes are the board's few words for it
 * (sim/board), so their number needs no bound.
 */
import { US_PER_MS } from '../../../kernel/units.ts';
import { distribution, measure } from '../measure.ts';

export const stalls = measure({
  metrics: {
    main_loop_stall_ms: distribution('How late a timer of the firmware ran because the CPU was held; one sample per timer that ran.'),
  },
  create({ distributions: { main_loop_stall_ms: lateness }, settings }) {
    const byCause = new Map<string, { count: number; worstUs: number }>();
    const worstUs = new Float64Array(settings.boards);
    return {
      handlers: {
        'loop.stall': ({ board: index, detail: cause, value: lateMs }) => {
          const lateUs = Math.round(lateMs * US_PER_MS);
          lateness.record(lateUs);
          worstUs[index] = Math.max(worstUs[index], lateUs);
          const sum = byCause.get(cause) ?? { count: 0, worstUs: 0 };
          byCause.set(cause, { count: sum.count + 1, worstUs: Math.max(sum.worstUs, lateUs) });
        },
      },
      finish(_, { timersRun }) {
        lateness.recordZeros(timersRun - lateness.count);
        const all = Array.from(byCause, ([cause, { count, worstUs: worst }]) => ({ cause, count, worstMs: worst / US_PER_MS }));
        return { stalls: all.sort((a, b) => b.worstMs - a.worstMs) };
      },
      boardResult: (index) => ({ worstStallMs: worstUs[index] / US_PER_MS }),
    };
  },
});
