/**
 * The breaks of one invariant: the first in words, the rest as a number, so that a run that breaks all the
 * time still ends with one line.
 */
import { boardId } from '../../kernel/board-id.ts';
import { msFromUs } from '../../kernel/units.ts';
import type { CheckResult } from '../result.ts';

export class Violations {
  private readonly name: string;
  private first = '';
  private count = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** @param what continues "at 12.345 s board-7 …" */
  add(atUs: number, board: number, what: string): void {
    if (this.count === 0) this.first = `at ${seconds(atUs)} ${boardId(board)} ${what}`;
    this.count++;
  }

  /** @param note said when nothing broke: why the check could not judge all or part of the run */
  result(note = ''): CheckResult {
    if (this.count === 0) return note ? { name: this.name, ok: true, detail: note } : { name: this.name, ok: true };
    const more = this.count > 1 ? ` (and ${this.count - 1} more)` : '';
    return { name: this.name, ok: false, detail: this.first + more };
  }
}

/** When what a check tells of happened, ms; null: it tells no time. */
export function momentOf(detail: string): number | null {
  const told = /^at (\d+(?:\.\d+)?) s /.exec(detail);
  return told && Math.round(Number(told[1]) * 1_000);
}

export function seconds(us: number): string {
  return `${msFromUs(Math.round(us / 1000) * 1000) / 1000} s`;
}
