/** What a command's end tells the shell. Of several the gravest counts. */
import type { Summary } from '../measure/result.ts';

export const EXIT = { ok: 0, bug: 1, usage: 2, threshold: 3, check: 4, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(summary: Summary): ExitCode {
  if (summary.interrupted) return EXIT.interrupted;
  if (summary.checks.some((check) => !check.ok)) return EXIT.check;
  if (summary.thresholds.some((threshold) => !threshold.ok)) return EXIT.threshold;
  return EXIT.ok;
}

const WORDS: Record<ExitCode, string> = { 0: 'ok', 1: 'bug', 2: 'usage', 3: 'threshold', 4: 'check', 130: 'stopped' };

/** A run's end in a word. */
export function endOf(code: ExitCode): string {
  return WORDS[code];
}

export function gravest(codes: readonly ExitCode[]): ExitCode {
  return Math.max(EXIT.ok, ...codes) as ExitCode;
}
