/** Each symptom is there in its scenario when it is ill, and gone when it is cured. */
import { expect, it } from 'vitest';
import { formatMetric } from '../measure/format-metric.ts';
import { parseThreshold } from '../measure/thresholds.ts';
import { markdownTable } from '../study/findings/markdown.ts';
import { expectTable } from '../testing/readme-table.ts';
import { SYMPTOMS } from './symptoms.ts';
import { playFromLibrary } from './testing/library.ts';

const HEAD = ['what people see', 'what it is', 'shown by', 'before → after', 'the cure'];
/** Two runs, of which a herd's are the longest, on a machine that may be busy. */
const PLAYED_WITHIN_MS = 120_000;
const rows = new Map<string, readonly string[]>();

it.each(SYMPTOMS)('$says', { timeout: PLAYED_WITHIN_MS }, async ({ says, because, scenario, ill, cure, shows }) => {
  const [before, after] = [await shown(scenario, ill, shows), await shown(scenario, [], shows)];
  expect([before.ok, after.ok]).toEqual([false, true]);
  const command = ill.map((setting) => ` --set ${quoted(setting)}`).join('');
  rows.set(says, [
    says,
    because,
    `\`scenarios/${scenario}.yaml\`, ill with \`${command.trim()}\``,
    `\`${subjectOf(shows)}\` ${formatMetric(subjectOf(shows), before.value)} → ${formatMetric(subjectOf(shows), after.value)}`,
    cure,
  ]);
});

it('stand in the table of scenarios/README.md (UPDATE_GOLDEN=1 rewrites it)', () => {
  expect(rows.size).toBe(SYMPTOMS.length);
  expectTable('scenarios/README.md', 'symptoms', markdownTable(HEAD, [...rows.values()]));
});

async function shown(scenario: string, settings: readonly string[], expr: string) {
  const threshold = (await playFromLibrary(scenario, settings)).thresholds.find((one) => one.expr === expr);
  if (threshold === undefined) throw new Error(`${scenario}.yaml has no threshold ${expr}`);
  return threshold;
}

/** `p95(recovery_ms) < 45s` → `p95(recovery_ms)`. */
function subjectOf(expr: string): string {
  const parsed = parseThreshold(expr);
  if (!parsed.ok) throw new Error(parsed.message);
  const { stat, metric } = parsed.threshold;
  return stat === null ? metric : `${stat}(${metric})`;
}

/** As a shell takes it. */
function quoted(setting: string): string {
  return /[\s{}[\]*?$"]/.test(setting) ? `'${setting}'` : setting;
}
