/**
 * No board's firmware throws an error that it does not catch. What becomes of such a board differs by
 * platform; that it is a mistake in the firmware does not.
 */
import type { WorldEvent } from '../../kernel/events.ts';
import type { CheckResult } from '../result.ts';
import type { Check } from './check.ts';
import { Violations } from './violations.ts';

export const ABOUT = 'No firmware throws an error that it does not catch.';

export class NoUncaughtError implements Check {
  private readonly violations = new Violations('no-uncaught-error');

  on({ event, atUs, board, subject: at, detail: message }: WorldEvent): void {
    if (event === 'board.error') this.violations.add(atUs, board, `threw "${message}"${at === '' ? '' : ` (${at})`}`);
  }

  finish(): CheckResult {
    return this.violations.result();
  }
}
