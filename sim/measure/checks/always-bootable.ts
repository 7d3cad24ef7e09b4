/**
 * Whatever happens to a board while it is updated (power cuts, flash that fails, images that are no good),
 * the next boot finds a program that is whole: the old one or the new one.
 */
import type { WorldEvent } from '../../kernel/events.ts';
import type { CheckResult } from '../result.ts';
import type { Check } from './check.ts';
import { Violations } from './violations.ts';

export const ABOUT = 'Each boot finds a program that is whole: no update leaves a board that cannot boot.';

export class AlwaysBootable implements Check {
  private readonly violations = new Violations('always-bootable');

  on({ event, atUs, board, detail: why }: WorldEvent): void {
    if (event === 'board.unbootable') this.violations.add(atUs, board, `could not boot: ${why}`);
  }

  finish(): CheckResult {
    return this.violations.result();
  }
}
