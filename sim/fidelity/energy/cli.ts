/**
 * `npm run fidelity -- --energy`: an idle station’s mean current beside what ESP-IDF publishes.
 *
 * Exit codes: 0 within the bounds, 1 outside (the figures are listed), 2 a flag that cannot be used.
 */
import { type Command, type Flags, readCommandLine, switchFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { isOutside } from '../comparison.ts';
import { comparisonText } from '../output.ts';
import { compareIdleCurrents } from './idle-current.ts';

export const ENERGY_SWITCH = switchFlag('What a joined, idle station draws, beside what ESP-IDF publishes; beside it only --json');

const FLAGS = {
  energy: ENERGY_SWITCH,
  json: switchFlag('Print the result as one JSON document and nothing else'),
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npm run -s fidelity -- --energy',
  about: 'Sets the mean current of a joined, idle ESP32 and ESP32-C3 beside what ESP-IDF publishes, and fails outside the bounds.',
  flags: FLAGS,
  examples: [['npm run fidelity -- --energy', 'All that was measured']],
};

/** @param out @param err take text for stdout and stderr @returns the exit code */
export async function energyMain(words: readonly string[], out: (text: string) => void, err: (text: string) => void): Promise<number> {
  try {
    const line = await readCommandLine(COMMAND, words);
    if (line.help !== null) {
      out(`${line.help}\n`);
      return 0;
    }
    const comparisons = await compareIdleCurrents();
    const ok = !comparisons.some(isOutside);
    if (line.values.json) {
      const rows = comparisons.map(({ condition, figure, model, kernel: published, allowed }) => ({
        condition,
        figure,
        model,
        published,
        ratio: model === null ? null : model / published,
        allowed,
      }));
      out(`${JSON.stringify({ ok, comparisons: rows }, null, 2)}\n`);
    } else out(comparisonText(comparisons, 'ESP-IDF'));
    return ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err(`${error.message}\n${COMMAND.usage} --help shows all flags\n`);
    return 2;
  }
}
