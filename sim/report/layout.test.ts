/** The report in a real browser, on a phone, on a desk and on paper. Without one these tests are skipped. */
import { HAS_CHROMIUM, openPage, withBrowser } from 'relay/testing/chromium';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../measure/result.ts';
import { brokenRows, cutElements, edgeShades, printPage, scrollingPlaces } from '../testing/layout.ts';
import { renderReport } from './report.ts';
import { plausibleResult, restless } from './testing/plausible.ts';

const MAX_PDF_BYTES = 3_000_000;
const MAX_PDF_PAGES = 8;

/** With all that a report can have, and long names of everything. */
function fullResult(boards: number): RunResult {
  const result = plausibleResult(boards);
  const { summary } = result;
  Object.assign(summary.metrics, { board_errors: 12, messages_refused: 1_003, 'messages_refused.not_utf8': 1_003 });
  summary.errors = [
    {
      message: `cannot read ${'properties_of_'.repeat(8)}undefined`,
      at: 'src/a/long/way/down/app.ts:41',
      count: 9,
      boards: 2,
      first_ms: 1_500,
    },
  ];
  summary.checks = [{ name: 'one-session-per-id', ok: false, detail: `board-1 has two sessions, ${'1 and 2 '.repeat(20)}` }];
  summary.thresholds = [
    { expr: 'p95(reconnect_ms) < 45s', ok: false, value: 52_000 },
    { expr: 'channel_availability > 0.999', ok: false, value: 0.94321 },
  ];
  result.settings = [...result.settings, ['Backoff', 'exponential, min 1s, max 60s, jitter full', false]];
  return result;
}

async function open(result: RunResult, width: number) {
  const { page, errors } = await openPage('about:blank', { viewport: { width, height: 860 } });
  await page.setContent(renderReport(result));
  await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
  return { page, errors };
}

describe.skipIf(!HAS_CHROMIUM)('the report in Chromium', { timeout: 60_000 }, () => {
  withBrowser();

  it.each([390, 1280].flatMap((width) => [1, 50, 101].map((boards) => [width, boards])))(
    'cuts nothing at %d px, with %d boards',
    async (width, boards) => {
      const { page, errors } = await open(fullResult(boards), width);
      expect(await cutElements(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      if (width === 1280) expect(await scrollingPlaces(page)).toEqual([]);
      expect(errors).toEqual([]);
    },
  );

  it('hints by a shadow that there is more of a table, on the side where it is', async () => {
    const { page } = await open(fullResult(50), 390);
    const table = '.scroll:has(> table.boards)';
    const atStart = await edgeShades(page, table);
    await page.locator(table).evaluate((element: { scrollLeft: number }) => {
      element.scrollLeft = 10_000;
    });
    const atEnd = await edgeShades(page, table);
    expect(atStart.right).toBeGreaterThan(atStart.left + 20);
    expect(atEnd.left).toBeGreaterThan(atEnd.right + 20);
    expect(atStart.left).toBe(atEnd.right);
  });

  it('hints in words that a chart goes on, where it does', async () => {
    const hint = `getComputedStyle(document.querySelector('.scroll:has(> svg.wide)'), '::before').content`;
    const [narrow, wide] = [await open(plausibleResult(), 718), await open(plausibleResult(), 720)];
    expect([await narrow.page.evaluate(hint), await wide.page.evaluate(hint)]).toEqual(['"scroll sideways →"', 'none']);
    expect((await scrollingPlaces(narrow.page)).filter((place) => place.startsWith('svg'))).not.toEqual([]);
    expect((await scrollingPlaces(wide.page)).filter((place) => place.startsWith('svg'))).toEqual([]);
  });

  it('has rows of one line where there is the room for them', async () => {
    for (const boards of [1, 50]) {
      const { page } = await open(fullResult(boards), 1280);
      expect(await brokenRows(page)).toEqual([]);
    }
  });

  it('has rows of one line on a phone, too, but for boards that lost their channel to more than one cause', async () => {
    const { page } = await open(fullResult(50), 390);
    const rows: [height: number, causes: number][] = await page.evaluate(
      `[...document.querySelectorAll('.boards tbody tr')].map((row) => [row.offsetHeight, row.querySelectorAll('.one').length])`,
    );
    const least = Math.min(...rows.map(([height]) => height));
    expect(rows.filter(([height, causes]) => causes < 2 && height > least)).toEqual([]);
    expect(rows.some(([, causes]) => causes === 1)).toBe(true);
  });

  it('begins with the verdict, and shows the worst board first in chart and table', async () => {
    const result = fullResult(50);
    Object.assign(result.boards[30], { availability: 0.5 });
    const { page } = await open(result, 1280);
    expect(await page.evaluate(`document.querySelector('main').innerText.split('\\n').filter(Boolean)[1]`)).toMatch(/^✗ FAILED: /);
    expect(await page.locator('svg.wide text.row').first().textContent()).toBe('board-31');
    expect(await page.locator('.boards tbody th').first().textContent()).toBe('board-31');
  });

  it('of a hundred restless boards is printed in at most eight pages, the first of them not blank', async () => {
    const result = plausibleResult(100);
    for (const board of result.boards) board.timeline = restless();
    const { page } = await open(result, 1280);
    await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = false`);
    const { bytes, pages, textsOnFirst } = await printPage(page);
    expect(bytes).toBeLessThan(MAX_PDF_BYTES);
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThanOrEqual(MAX_PDF_PAGES);
    expect(textsOnFirst).toBeGreaterThan(20);
  });
});
