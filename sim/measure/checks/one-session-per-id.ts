/**
 * The relay never has two open sessions of one id, not even for the moment in which one takes over from the
 * other.
 */
import type { WorldEvent } from '../../kernel/events.ts';
import type { CheckResult } from '../result.ts';
import type { Check } from './check.ts';
import type { CheckSettings } from './settings.ts';
import { Violations } from './violations.ts';

export const ABOUT = 'The relay never has two open sessions of one id.';

export class OneSessionPerId implements Check {
  private readonly violations = new Violations('one-session-per-id');
  /** The connections of each board's open sessions. */
  private readonly open: Set<number>[];

  constructor(settings: CheckSettings) {
    this.open = Array.from({ length: settings.boards.count }, () => new Set());
  }

  on(event: WorldEvent): void {
    if (event.board < 0) return;
    if (event.event === 'ws.close') this.open[event.board].delete(event.connection);
    if (event.event !== 'ws.open') return;
    const open = this.open[event.board];
    open.add(event.connection);
    if (open.size > 1)
      this.violations.add(event.atUs, event.board, `had ${open.size} open sessions at the relay (connections ${[...open].join(', ')})`);
  }

  finish(): CheckResult {
    return this.violations.result();
  }
}
