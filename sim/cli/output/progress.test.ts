import { DAY_MS } from 'host/units';
import { describe, expect, it } from 'vitest';
import { makeScenario } from '../../testing/scenario.ts';
import type { Io } from '../io.ts';
import { showProgress } from './progress.ts';

/** A log whose clock is moved by hand. */
function log() {
  const lines: string[] = [];
  let nowMs = 0;
  const io: Io = { out() {}, err: (text) => void lines.push(text), errIsTerminal: false, colour: false, columns: 80, nowMs: () => nowMs };
  return {
    io,
    lines,
    passes(ms: number) {
      nowMs += ms;
    },
  };
}

const progress = (virtualMs: number) => ({ virtualMs, boardsOnline: 50, reconnects: 1 });
const scenario = makeScenario({ duration: DAY_MS, boards: { count: 50 } });

describe('progress without a terminal', () => {
  it('is a line for every tenth, when that takes more than ten seconds', async () => {
    const { io, lines, passes } = log();
    const view = await showProgress(scenario, io, true);
    for (let share = 1; share <= 100; share++) {
      passes(2_000);
      view.onProgress(progress((DAY_MS * share) / 100));
    }
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('  2 h 24 min of 24 h, 3 min left · 50 of 50 online · 1 reconnect\n');
  });

  it('is a line every ten seconds, when a tenth takes less', async () => {
    const { io, lines, passes } = log();
    const view = await showProgress(scenario, io, true);
    for (let share = 1; share <= 100; share++) {
      passes(300);
      view.onProgress(progress((DAY_MS * share) / 100));
    }
    expect(lines).toHaveLength(2);
  });

  it('is nothing of a run that is over in a moment, or when it is not wanted', async () => {
    const { io, lines, passes } = log();
    for (const wanted of [true, false]) {
      const view = await showProgress(scenario, io, wanted);
      passes(wanted ? 9_000 : 60_000);
      view.onProgress(progress(DAY_MS));
    }
    expect(lines).toEqual([]);
  });
});
