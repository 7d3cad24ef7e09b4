/** Round times for the axis of a chart: a step that leaves room for labels, and labels in one unit. */
import { formatMs } from './format.ts';

/** More labels than this touch each other on a chart of a thousand pixels. */
const MAX_TICKS = 10;
const STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600,
  43_200, 86_400,
];
const DAY_MS = 86_400_000;

export function timeStepMs(durationMs: number): number {
  const leastMs = durationMs / MAX_TICKS;
  const seconds = STEPS_S.find((step) => step * 1000 >= leastMs);
  return seconds === undefined ? Math.ceil(leastMs / DAY_MS) * DAY_MS : seconds * 1000;
}

export function timeTicks(durationMs: number): { atMs: number; label: string }[] {
  const stepMs = timeStepMs(durationMs);
  const count = Math.floor(durationMs / stepMs + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => ({ atMs: index * stepMs, label: timeLabel(index * stepMs) }));
}

export function timeLabel(ms: number): string {
  return ms === 0 ? '0' : formatMs(ms);
}
