import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { terminalTable } from './table.ts';

const { red, green } = createColors(true);

const widest = (text: string) =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );

describe('a table for a terminal', () => {
  it('breaks cells between words by what is seen, and no colour code', () => {
    const cell = `${green('all hold')}, ${red('3 of 4 thresholds failed')} and so on`;
    for (const columns of [30, 40, 80, 120]) {
      const table = terminalTable(['name', 'result'], [['half-open', cell]], columns);
      expect(widest(table)).toBeLessThanOrEqual(columns);
      // What is left of a code that was cut.
      expect(stripVTControlCharacters(table)).not.toMatch(/\d+m/);
      expect(stripVTControlCharacters(table).replace(/[│─┌┐└┘┬┴├┤┼\s]+/g, ' ')).toContain(
        columns > 40 ? '3 of 4 thresholds failed' : 'thresholds',
      );
    }
  });

  it('is no wider than it needs to be', () => {
    expect(widest(terminalTable(null, [['a', 'b']], 80))).toBe(9);
  });

  it('is turned where its words have no room beside each other', () => {
    const rows = [['→', '10s · 5s', '6', '13.9 s ± 472 ms']];
    expect(terminalTable(['', 'ping_interval', 'seeds', 'p99(detect_ms)'], rows, 40)).toBe(
      ['→ 10s · 5s', '  seeds: 6', '  p99(detect_ms): 13.9 s ± 472 ms'].join('\n'),
    );
  });
});
