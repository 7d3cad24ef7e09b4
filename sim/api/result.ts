/** What a simulation gives: the summary, as `summary.json` has it, and what a report is drawn from. */
import type { MetricValues } from '../measure/registry.ts';
import type { RunResult, Summary } from '../measure/result.ts';

/** Without what only a command line knows. */
export interface SimulationResult extends Omit<Summary, 'metrics' | 'replay' | 'verdict'> {
  metrics: MetricValues;
  /** Timelines of boards, curves, histograms. */
  details: Omit<RunResult, 'summary' | 'advice' | 'settings'>;
}

export function resultOf({ summary, advice: _, settings: __, ...details }: RunResult, wallMs: number): SimulationResult {
  const { replay: _replay, verdict: _verdict, ...told } = summary;
  return { ...told, wall_ms: Math.round(wallMs), metrics: summary.metrics as MetricValues, details };
}
