/** What the tests of reports ask of a page in a browser, by measuring it. */
import { inflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/**
 * Whatever is wider than the place it is in, without a place that scrolls around it. In a browser, which
 * these types do not know.
 */
const CUT = `(() => {
  const name = (element) => element.tagName + '.' + (element.getAttribute('class') ?? '') + ' ' + element.textContent.trim().slice(0, 60);
  const isIn = (element) => {
    const scroll = element.closest('.scroll');
    if (scroll && scroll !== element) return true;
    const { left, right } = element.getBoundingClientRect();
    return left >= -0.5 && right <= document.documentElement.clientWidth + 0.5;
  };
  const isDrawn = (element) => element.getClientRects().length > 0 && !element.closest('.definitions');
  const inside = [...document.querySelectorAll('main *')].filter(isDrawn);
  const outside = inside.filter((element) => !element.closest('svg:not(.wide) *') && !isIn(element));
  const clipped = [...document.querySelectorAll('.scroll, .card, pre, td, th, dd, li, p, h1, h2')]
    .filter(isDrawn)
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'auto');
  return [...outside, ...clipped].map(name);
})()`;

/** @returns what is cut without a hint; nothing, if all is well */
export async function cutElements(page: Page): Promise<string[]> {
  return page.evaluate(CUT);
}

/** Places with more than they show, by what is in them. */
export async function scrollingPlaces(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('.scroll')].filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.firstElementChild.tagName + ' ' + element.scrollWidth + ' in ' + element.clientWidth)`);
}

/**
 * Rows that are higher than one line though their table would have the room for all of them to be one line.
 */
export async function brokenRows(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('table')].filter((table) => table.getClientRects().length > 0).flatMap((table) => {
    const heights = [...table.rows].map((row) => row.offsetHeight);
    const room = table.parentElement.clientWidth;
    const { style } = table;
    const cells = [...table.querySelectorAll('th, td')];
    for (const cell of cells) cell.style.whiteSpace = 'nowrap';
    style.width = 'max-content';
    const least = [...table.rows].map((row) => row.offsetHeight);
    const fits = table.offsetWidth <= room;
    style.width = '';
    for (const cell of cells) cell.style.whiteSpace = '';
    return fits ? [...table.rows].filter((row, index) => heights[index] > least[index] + 1).map((row) => row.textContent) : [];
  })`);
}

/**
 * How dark the left and the right edge of an element are, 0 to 255: the least light of each of its pixel
 * rows, averaged.
 */
export async function edgeShades(page: Page, selector: string): Promise<{ left: number; right: number }> {
  const picture = (await page.locator(selector).first().screenshot()).toString('base64');
  return page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(picture)}), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const shade = (x) => {
      const { data } = context.getImageData(x, 0, 1, image.height);
      const lights = Array.from({ length: image.height }, (_, y) => data[4 * y]).sort((a, b) => a - b);
      return 255 - lights[Math.floor(lights.length / 2)];
    };
    return { left: shade(0), right: shade(image.width - 1) };
  })()`);
}

export interface Print {
  bytes: number;
  pages: number;
  /** Pieces of text on the first page. */
  textsOnFirst: number;
}

/** As the browser's own "save as PDF" makes it, on A4. */
export async function printPage(page: Page): Promise<Print> {
  const options = { format: 'A4', preferCSSPageSize: true } as const;
  const all = await page.pdf(options);
  const first = await page.pdf({ ...options, pageRanges: '1' });
  return { bytes: all.length, pages: all.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0, textsOnFirst: textsOf(first) };
}

function textsOf(pdf: Buffer): number {
  const text = pdf.toString('latin1');
  let texts = 0;
  for (const { index, 0: start } of text.matchAll(/stream\r?\n/g)) {
    const end = text.indexOf('endstream', index);
    try {
      texts +=
        inflateSync(pdf.subarray(index + start.length, end))
          .toString('latin1')
          .match(/\bT[jJ]\b/g)?.length ?? 0;
    } catch {
      // A picture or a font of another kind.
    }
  }
  return texts;
}
