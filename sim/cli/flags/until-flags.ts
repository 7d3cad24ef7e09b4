/** The flags that stop a run before its end, and look at it there. */
import { switchFlag, valueFlag } from 'host/command-line';
import { formatDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import { duration, readTyped } from '../../kernel/fields.ts';
import { MAX_DURATION_MS } from '../../scenario/settings.ts';

const time = duration(1, MAX_DURATION_MS);

export const UNTIL_FLAGS = {
  until: valueFlag<number>({
    about: 'Stop the world there and summarise what was until then; nothing is recorded',
    expected: time.expected,
    parse: (text) => readTyped(time, text),
  }),
  inspect: switchFlag(
    'With --until: print every TCP connection and each board’s channel as they stand there, and at a terminal, or when node was started with --inspect, wait for its debugger',
  ),
};

export interface UntilSettings {
  atMs: number;
  inspect: boolean;
}

/** null: to the end. */
export function untilSettings({ until, inspect }: { until: number | undefined; inspect: boolean }, isLive: boolean): UntilSettings | null {
  if (until === undefined) {
    if (inspect) throw new UsageError('--inspect needs --until: when the world is to stand still');
    return null;
  }
  if (isLive) throw new UsageError('--until contradicts --live and --relay: real time does not stand still');
  return { atMs: until, inspect };
}

/** Each run lasts till then, and one at most is looked at. */
export function checkUntil({ atMs, inspect }: UntilSettings, files: readonly { file: string; scenario: { durationMs: number } }[]): void {
  const over = files.filter(({ scenario }) => atMs > scenario.durationMs);
  if (over.length > 0)
    throw new UsageError(
      over
        .map(({ file, scenario }) => `--until: ${file} lasts ${formatDuration(scenario.durationMs)}; expected a time within it`)
        .join('\n'),
    );
  if (inspect && files.length > 1) throw new UsageError('--inspect: one world at a time can be looked at; expected one FILE');
}

export function untilWords(until: UntilSettings | null): string {
  return until === null ? '' : ` --until ${formatDuration(until.atMs)}`;
}
