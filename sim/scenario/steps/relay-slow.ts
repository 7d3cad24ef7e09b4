/**
 * The relay's process stands still now and then: collections of garbage, a neighbour on the same machine, a
 * disk that is waited for. While it does, its machine acknowledges what comes, and connections wait.
 */
import { formatDuration } from 'host/units';
import { duration } from '../../kernel/fields.ts';
import { describeQuantiles, drawExponential, drawLongTail, type Quantiles, quantiles } from '../../kernel/long-tail.ts';
import type { Undo } from '../faults.ts';
import { type Action, nothingToUndo } from './action.ts';

const HOUR_MS = 3_600_000;
const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 10_000;
/** Shorter gaps are a relay that does nothing but stand still. */
const MIN_BETWEEN_MS = 100;
/** Of a Node process with some hundred MB of heap: scavenges, and now and then the whole [unknown, assumed]. */
const DEFAULT_PAUSE: Quantiles = { p50: 20, p99: 400 };
const DEFAULT_BETWEEN_MS = 5_000;

export const relaySlow: Action = {
  action: 'relay.slow',
  about:
    'The relay’s process pauses now and then, as for collecting garbage: each time for `pause:` ({ p50: 20ms, p99: 400ms }, log-normal), after `between:` (5s) on average.',
  targeted: false,
  lasts: 'until-undone',
  parameters: { pause: quantiles(MIN_PAUSE_MS, MAX_PAUSE_MS), between: duration(MIN_BETWEEN_MS, HOUR_MS) },
  describe: ({ pause = DEFAULT_PAUSE, between = DEFAULT_BETWEEN_MS }) =>
    `the relay pauses every ${formatDuration(between as number)} or so, for ${describeQuantiles(pause as Quantiles)}`,
  draw: (draw) => ({ pause: { p50: draw.duration(1, 50), p99: draw.duration(50, 1_000) }, between: draw.duration(500, 60_000) }),
  proxy: 'as for `relay.hang`, each time for a moment',
  apply: ({ controls, hold, later, random }, _, { pause = DEFAULT_PAUSE, between = DEFAULT_BETWEEN_MS }) => {
    const draw = random('relay-pauses');
    let undo: Undo = nothingToUndo;
    const run = (): void => {
      undo = later(drawExponential(between as number, draw), stand);
    };
    const stand = (): void => {
      const goOn = hold('relay hang', (on) => controls.relay.setHung(on, 'pause'));
      const cancel = later(drawLongTail(pause as Quantiles, draw), () => {
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
