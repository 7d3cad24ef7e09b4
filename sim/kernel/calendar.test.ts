/** The calendar against the platform's own, which a world may not use. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIsoDate, parseCertificateDate, parseIsoDate, WORLD_EPOCH_MS } from './calendar.ts';

const LAST_S = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
const second = fc.integer({ min: 0, max: LAST_S }).map((seconds) => seconds * 1000);

it('writes each second from 1970 to 9999 as Date does, and reads it back', () => {
  fc.assert(
    fc.property(second, (epochMs) => {
      const text = formatIsoDate(epochMs);
      expect(text).toBe(new Date(epochMs).toISOString().replace('.000', ''));
      expect(parseIsoDate(text)).toBe(epochMs);
    }),
  );
});

it("reads certificates' dates", () => {
  fc.assert(
    fc.property(second, (epochMs) => {
      const [, day, month, year, time] = new Date(epochMs).toUTCString().split(' ');
      expect(parseCertificateDate(`${month} ${String(+day).padStart(2)} ${time} ${year} GMT`)).toBe(epochMs);
    }),
  );
});

it('reads a date alone, and a time without seconds', () => {
  expect(parseIsoDate('2026-01-01')).toBe(WORLD_EPOCH_MS);
  expect(parseIsoDate('2024-02-29T12:30Z')).toBe(Date.UTC(2024, 1, 29, 12, 30));
});

describe('is no date:', () => {
  it.each([
    '2026-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '1969-12-31',
    '2026-01-01T24:00Z',
    '2026-01-01T12:60Z',
    '2026-01-01T12:00:60Z',
    '2026-01-01T12:00',
    '26-01-01',
    '',
  ])('"%s"', (text) => {
    expect(parseIsoDate(text)).toBeNull();
  });

  it.each(['Foo  1 00:00:00 2026 GMT', 'Feb 30 00:00:00 2026 GMT', 'Jan  1 00:00:00 2026 CET', 'Jan  1 2026'])(
    '"%s" in a certificate',
    (text) => {
      expect(parseCertificateDate(text)).toBeNull();
    },
  );
});
