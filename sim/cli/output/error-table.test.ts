import { createColors } from 'picocolors';
import { expect, it } from 'vitest';
import type { BoardError, Summary } from '../../measure/result.ts';
import { errorTable } from './error-table.ts';

const error = (changes: Partial<BoardError> = {}): BoardError => ({
  message: 'no sensor',
  at: 'src/app.ts:4',
  count: 1200,
  boards: 50,
  first_ms: 2606,
  ...changes,
});

function shown(errors: BoardError[], total: number): string | null {
  return errorTable({ errors, metrics: { board_errors: total } } as unknown as Summary, { columns: 80, colours: createColors(false) });
}

it('tells message, place, how often, on how many boards and when first', () => {
  expect(shown([error()], 1200)?.split('\n')).toEqual([
    '┌────────────────┬──────────────┬───────┬────────┬───────┐',
    '│ uncaught error │ at           │ times │ boards │ first │',
    '│ no sensor      │ src/app.ts:4 │ 1,200 │ 50     │ 2.6 s │',
    '└────────────────┴──────────────┴───────┴────────┴───────┘',
  ]);
});

it('is not there when nothing was thrown', () => {
  expect(shown([], 0)).toBeNull();
});

it('shows the first few, counts the rest, and is at most 80 columns wide whatever is in it', () => {
  const errors = Array.from({ length: 8 }, (_, index) =>
    error({ message: `${index} ${'x'.repeat(190)}`, at: index === 0 ? '' : 'y'.repeat(90) }),
  );
  const lines = shown(errors, 100_000)?.split('\n') ?? [];
  expect(lines.at(-1)).toBe('… and 94,000 errors more of other kinds');
  expect(lines.slice(0, -1).every((line) => line.length <= 80)).toBe(true);
  expect(lines.some((line) => line.includes('unknown'))).toBe(true);
});
