/**
 * The relay's process stands still now and then: collections of garbage, a neighbour on the same machine, a
 * disk that is waited for. While it does, its machine acknowledges what comes, and connections wait.
 */
import { formatDuration } from 'host/units';
import type { Undo } from '../../faults.ts';
import { drawMs, durationOrSpread, type Spread, spreadWords } from '../../language/spread.ts';
import { type Action, nothingToUndo } from '../action.ts';

const HOUR_MS = 3_600_000;
const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 10_000;
/** Shorter gaps are a relay that does nothing but stand still. */
const MIN_BETWEEN_MS = 100;
/**
 * Of a Node process with some hundred MB of heap: scavenges, and now and then the whole [unknown, assumed].
 */
const DEFAULT_PAUSE: Spread = { kind: 'log-normal', p50Ms: 20, p99Ms: 400 };
const DEFAULT_BETWEEN: Spread = { kind: 'exponential', meanMs: 5_000 };

type Times = { pause?: number | Spread; between?: number | Spread };

export const relaySlow: Action = {
  action: 'relay.slow',
  about:
    'The relay’s process pauses now and then, as for collecting garbage: each time for `pause:` ({ p50: 20ms, p99: 400ms } when it is not given), after `between:` ({ mean: 5s }).',
  targeted: false,
  lasts: 'until-undone',
  parameters: { pause: durationOrSpread(MIN_PAUSE_MS, MAX_PAUSE_MS), between: durationOrSpread(MIN_BETWEEN_MS, HOUR_MS) },
  describe: (parameters) => {
    const { pause = DEFAULT_PAUSE, between = DEFAULT_BETWEEN } = parameters as Times;
    return `the relay pauses about every ${words(between)}, for ${words(pause)}`;
  },
  draw: (draw) => ({
    pause: { p50: draw.duration(1, 50), p99: draw.duration(50, 1_000) },
    between: draw.chance(0.5) ? { mean: draw.duration(500, 60_000) } : draw.duration(500, 60_000),
  }),
  proxy: 'as for `relay.hang`, each time for a moment',
  apply: ({ controls, hold, later, random }, _, parameters) => {
    const { pause = DEFAULT_PAUSE, between = DEFAULT_BETWEEN } = parameters as Times;
    const stream = { next: random('relay-pauses') };
    const next = (time: number | Spread): number => (typeof time === 'number' ? time : drawMs(time, stream));
    let undo: Undo = nothingToUndo;
    const run = (): void => {
      undo = later(next(between), stand);
    };
    const stand = (): void => {
      const goOn = hold('relay hang', (on) => controls.relay.setHung(on, 'pause'));
      const cancel = later(next(pause), () => {
        goOn();
        run();
      });
      undo = () => {
        cancel();
        goOn();
      };
    };
    run();
    return () => undo();
  },
};

function words(time: number | Spread): string {
  return typeof time === 'number' ? formatDuration(time) : spreadWords(time);
}
