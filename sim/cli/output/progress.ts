/** How far a run is: a bar on a terminal, a line for every tenth elsewhere, nothing when it is not wanted. Always on stderr. */
import { plural } from 'host/format';
import { formatDuration } from 'host/units';
import type { Progress } from '../../run/run.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Io } from '../io.ts';

export interface ProgressView {
  onProgress(progress: Progress): void;
  end(): void;
}

const NOTHING: ProgressView = { onProgress() {}, end() {} };

/** Shares of the run after which a line is printed. */
const LINES = 10;
const WHOLE_SECOND_MS = 1_000;

export async function showProgress(scenario: Scenario, io: Io, wanted: boolean): Promise<ProgressView> {
  if (!wanted) return NOTHING;
  return io.errIsTerminal ? await barView(scenario) : lineView(scenario, io);
}

function lineView({ boards, durationMs }: Scenario, io: Io): ProgressView {
  let nextMs = durationMs / LINES;
  return {
    onProgress({ virtualMs, boardsOnline, reconnects }) {
      if (virtualMs < nextMs) return;
      nextMs = (Math.floor((virtualMs * LINES) / durationMs) + 1) * (durationMs / LINES);
      io.err(
        `  ${wholeSeconds(virtualMs)} of ${formatDuration(durationMs)}: ${boardsOnline} of ${boards.count} boards online, ${plural(reconnects, 'reconnect')}\n`,
      );
    },
    end() {},
  };
}

async function barView({ boards, durationMs }: Scenario): Promise<ProgressView> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: `{bar} {now} of ${formatDuration(durationMs)} · {online} of ${boards.count} online · {reconnects}`,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(durationMs, 0, { now: '0s', online: 0, reconnects: plural(0, 'reconnect') });
  return {
    onProgress: ({ virtualMs, boardsOnline, reconnects }) =>
      bar.update(virtualMs, { now: wholeSeconds(virtualMs), online: boardsOnline, reconnects: plural(reconnects, 'reconnect') }),
    end: () => bar.stop(),
  };
}

function wholeSeconds(ms: number): string {
  return formatDuration(Math.floor(ms / WHOLE_SECOND_MS) * WHOLE_SECOND_MS);
}
