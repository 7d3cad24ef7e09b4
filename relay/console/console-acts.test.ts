/**
 * The console in a real browser: what can be done with it, at the width of a phone and of a desk. Without one
 * these tests are skipped.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { HAS_CHROMIUM, openPage, withBrowser } from '../testing/chromium.ts';
import { connectBoard, startRelay, waitForText } from '../testing/console-browser.ts';
import type { Operations } from './operations.ts';
import type { BoardWeather, Weather, WeatherChange } from './weather.ts';

const TOKEN = 'a-token-of-20-chars!';
const PHONE = { viewport: { width: 390, height: 844 } };
const DESK = { viewport: { width: 1280, height: 860 } };
const WIDTHS = [
  ['a phone', PHONE],
  ['a desk', DESK],
] as const;

/** Two boards of which one is lossy and in a black hole. */
function twoBoards(): BoardWeather[] {
  const board = (id: string, lossRate: number, blackhole: boolean): BoardWeather => {
    return { id, lossRate, latencyMs: 10, blackhole, isChanged: false };
  };
  return [board('board-1', 0.3, true), board('board-2', 0.005, false)];
}

function weatherOn(boards: BoardWeather[]) {
  const asked: [ids: readonly string[] | null, change: WeatherChange][] = [];
  const weather: Weather = {
    boards: () => boards.map((one) => ({ ...one })),
    change(ids, change) {
      asked.push([ids, change]);
      for (const board of boards) if (ids?.includes(board.id) ?? true) Object.assign(board, change, { isChanged: true });
      return true;
    },
    undo() {
      const changed = boards.filter(({ isChanged }) => isChanged);
      for (const board of changed) board.isChanged = false;
      return changed.length;
    },
  };
  return { weather, asked };
}

/** As a finger, or the arrow keys, would. */
async function slide(page: Page, slider: string, value: number): Promise<void> {
  await page.fill(slider, String(value));
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let tabs = 0; tabs < 60; tabs++) {
    if (await page.locator(selector).evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to ${selector}`);
}

describe.skipIf(!HAS_CHROMIUM)('what the console does, in Chromium', { timeout: 60_000 }, () => {
  withBrowser();

  it.each(WIDTHS)('shows what differs between all boards as mixed, and applies only what was moved, on %s', async (_name, size) => {
    const { weather, asked } = weatherOn(twoBoards());
    const { url } = await startRelay(0, { weather });
    const { page, errors } = await openPage(url, size);
    await waitForText(page, '#loss-now', 'mixed: 0.5 % to 30 %');
    await waitForText(page, '#latency-now', '10 ms');
    await waitForText(page, '#blackhole-now', 'mixed');
    expect(await page.locator('#blackhole').evaluate((box: { indeterminate?: boolean }) => box.indeterminate)).toBe(true);
    expect(await page.locator('#weather-apply').isDisabled()).toBe(true);
    await slide(page, '#latency', 200);
    await waitForText(page, '#weather-said', 'not applied yet: latency');
    await page.click('#weather-apply');
    await waitForText(page, '#weather-said', 'applied');
    await waitForText(page, '#loss-now', 'mixed: 0.5 % to 30 %');
    await waitForText(page, '#weather-now', '2 of 2 boards lose packets, 1 in a black hole. Changed from here: 2.');
    expect(asked).toEqual([[null, { latencyMs: 200 }]]);
    await page.selectOption('#target', 'board-2');
    await waitForText(page, '#loss-now', '0.5 %');
    expect(await page.locator('#blackhole-now').textContent()).toBe('');
    await page.check('#blackhole');
    await page.click('#weather-apply');
    await waitForText(page, '#weather-now', '2 in a black hole');
    expect(asked.slice(1)).toEqual([[['board-2'], { blackhole: true }]]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.viewport.width);
    expect(errors).toEqual([]);
  });

  it('keeps what was moved while the weather changes by itself, and undoes all of it', async () => {
    const boards = twoBoards();
    const { weather, asked } = weatherOn(boards);
    const { url } = await startRelay(0, { weather });
    const { page, errors } = await openPage(url);
    await waitForText(page, '#latency-now', '10 ms');
    expect(await page.locator('#weather-undo').isDisabled()).toBe(true);
    await slide(page, '#loss', 50);
    for (const board of boards) board.latencyMs = 70;
    await waitForText(page, '#latency-now', '70 ms');
    expect(await page.locator('#loss-now').textContent()).toBe('50 %');
    await page.click('#weather-apply');
    await waitForText(page, '#weather-now', 'Changed from here: 2.');
    await page.click('#weather-undo');
    await waitForText(page, '#weather-said', 'undone on 2 boards');
    await waitForText(page, '#weather-now', 'Nothing was changed here.');
    await waitForText(page, '#log [data-kind=weather]', 'undone on 2 boards');
    expect([asked, errors]).toEqual([[[null, { lossRate: 0.5 }]], []]);
  });

  it.each(WIDTHS)('kicks a client that it has asked about, by token and from the keyboard, on %s', async (_name, size) => {
    const { port, url } = await startRelay(0, { token: TOKEN });
    const { closed } = await connectBoard(port, 'board-1');
    const { page, errors } = await openPage(`${url}?token=${TOKEN}`, size);
    await waitForText(page, '.row', 'board-1');
    await page.focus('#grid');
    await page.keyboard.press('Enter');
    await waitForText(page, '#history h2', 'board-1');
    await tabTo(page, '#history .danger');
    await page.keyboard.press('Enter');
    await waitForText(page, '#confirm', 'Kick board-1?');
    await page.keyboard.press('Enter');
    await page.locator('#confirm').waitFor({ state: 'hidden' });
    expect(await page.locator('.row', { hasText: 'gone' }).count()).toBe(0);
    await page.keyboard.press('Enter');
    await waitForText(page, '#confirm', 'Kick board-1?');
    await tabTo(page, '#confirm-yes');
    await page.keyboard.press('Space');
    expect(await closed).toBe(4002);
    await waitForText(page, '#history-said', 'kicked');
    await waitForText(page, '#history', 'Sessions before (1)');
    await waitForText(page, '#history .facts', 'no');
    expect(await page.locator('#history .danger').count()).toBe(0);
    await waitForText(page, '#log [data-kind=operator]', 'board-1');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.viewport.width);
    expect(errors).toEqual([]);
  });

  it('resets the link of a virtual board and restarts the relay of a simulation, each after a question', async () => {
    const done: string[] = [];
    const operations: Operations = {
      kick: () => false,
      reset: (id) => done.push(`reset ${id}`) > 0,
      restart: () => done.push('restart') > 0,
    };
    const { weather } = weatherOn(twoBoards());
    const { port, url } = await startRelay(0, { token: TOKEN, operations, weather, isVirtual: () => true });
    await connectBoard(port, 'board-1');
    const { page, errors } = await openPage(`${url}?token=${TOKEN}`);
    await page.click('#restart');
    await page.click('#confirm-no');
    expect(done).toEqual([]);
    await page.click('#restart');
    await page.click('#confirm-yes');
    await waitForText(page, '#restart-said', 'relay restarted');
    await page.click('.row');
    await page.click('#history button:has-text("Reset its link")');
    await page.keyboard.press('Escape');
    await page.click('#history button:has-text("Reset its link")');
    await page.click('#confirm-yes');
    await waitForText(page, '#history-said', 'link reset');
    await page.click('#history button:has-text("Kick")');
    await page.click('#confirm-yes');
    await waitForText(page, '#history-said', 'board-1 has no session that could be ended');
    expect([done, errors]).toEqual([['restart', 'reset board-1'], []]);
  });

  it('without a token can do nothing to others, and says what it needs', async () => {
    const { weather } = weatherOn(twoBoards());
    const { port, url } = await startRelay(0, { weather });
    await connectBoard(port, 'board-1');
    const { page, errors } = await openPage(url);
    await waitForText(page, '#restart-hint', '--console-token');
    expect(await page.locator('#restart').isDisabled()).toBe(true);
    await page.click('.row');
    await waitForText(page, '#history-body', '--console-token');
    expect(await page.locator('#history .danger').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it.each(WIDTHS)('tells its own messages and their answers from all others, and shows either alone, on %s', async (_name, size) => {
    const { port, url } = await startRelay();
    const { page, errors } = await openPage(url, size);
    const { socket } = await connectBoard(port, 'board-1');
    await page.fill('#join-id', 'laptop');
    await page.keyboard.press('Enter');
    await waitForText(page, '#talk li', 'connected as laptop');
    socket.send('Server got your message!');
    await waitForText(page, '#talk [data-kind=received]', 'Mes from board-1: Server got your message!');
    await page.keyboard.type('hello');
    await page.keyboard.press('Enter');
    await waitForText(page, '#talk [data-kind=sent]', 'hello');
    await waitForText(page, '#talk [data-kind=answer]', 'Server got your message!');
    await waitForText(page, '.row[data-own=true]', 'this page');
    await waitForText(page, '#log [data-own=true]', 'laptop');
    const visible = () => page.locator('#talk li:visible').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-kind')));
    await page.check('input[name=whose][value=own]', { force: true });
    expect(await visible()).toEqual(['state', 'sent', 'answer']);
    await page.check('input[name=whose][value=others]', { force: true });
    expect(await visible()).toEqual(['state', 'received']);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.viewport.width);
    expect(errors).toEqual([]);
  });

  it('takes every message for an answer at a relay that echoes', async () => {
    const { url } = await startRelay(0, {}, { mode: 'echo' });
    const { page } = await openPage(url);
    await page.fill('#join-id', 'laptop');
    await page.keyboard.press('Enter');
    await waitForText(page, '#talk li', 'connected as laptop');
    await page.keyboard.type('hello');
    await page.keyboard.press('Enter');
    await waitForText(page, '#talk [data-kind=answer]', 'Echo: hello');
  });

  it('bears whatever strangers send: nothing of it is markup, nothing pushes out own messages, and the page stays small', async () => {
    const { port, url } = await startRelay(0, {}, { maxMessageRate: 100_000 });
    const { page, errors } = await openPage(url, PHONE);
    const { socket } = await connectBoard(port, 'board-1');
    await page.fill('#join-id', 'laptop');
    await page.keyboard.press('Enter');
    await waitForText(page, '#talk li', 'connected as laptop');
    await page.keyboard.type('mine');
    await page.keyboard.press('Enter');
    await waitForText(page, '#talk [data-kind=answer]', 'Server got your message!');
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '{"from":"server"',
      '{"from":"server","text":{"toString":1}}',
      '\u202e\u2066 right to left',
      '\n'.repeat(50),
    ];
    for (let round = 0; round < 300; round++) for (const text of hostile) socket.send(text);
    for (const text of ['x'.repeat(60_000), `z${'\u0301'.repeat(5_000)}`, Buffer.alloc(60_000, 0xff)]) socket.send(text);
    socket.send('the end');
    await waitForText(page, '#talk li', 'the end');
    await waitForText(page, '#talk [data-kind=received]', '60000 bytes, not text');
    expect(await page.locator('#talk img').count()).toBe(0);
    expect(await page.locator('#talk li').count()).toBeLessThanOrEqual(300);
    expect(await page.locator('#talk [data-kind=sent]').allTextContents()).toHaveLength(1);
    const longest = await page
      .locator('#talk span')
      .evaluateAll((all) => Math.max(...all.map(({ textContent }) => textContent?.length ?? 0)));
    expect(longest).toBeLessThan(600);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(errors).toEqual([]);
  });

  it('lets no text become markup or code, even if the page itself tried', async () => {
    const { url } = await startRelay();
    const { page } = await openPage(url);
    const tried = (code: string) => page.evaluate(`(() => { try { ${code}; return 'done'; } catch (error) { return error.name; } })()`);
    expect(await tried(`document.body.innerHTML = '<b>text</b>'`)).toBe('TypeError');
    expect(await tried(`document.createElement('script').text = 'alert(1)'`)).toBe('TypeError');
    expect(await tried(`document.body.insertAdjacentHTML('beforeend', '<b>text</b>')`)).toBe('TypeError');
    expect(await page.evaluate(`fetch('https://example.com/').then(() => 'sent', () => 'refused')`)).toBe('refused');
  });

  it('counts the same in every place', async () => {
    const { port, url } = await startRelay();
    const { page } = await openPage(url);
    const boards = [];
    for (let index = 1; index <= 5; index++) boards.push(await connectBoard(port, `board-${index}`));
    await waitForText(page, '#clients-count', '5 connected, 0 gone');
    boards[0].socket.terminate();
    await waitForText(page, '#clients-count', '4 connected, 1 gone');
    const text = (selector: string) => page.locator(selector).first().textContent();
    expect(await text('#charts .now')).toBe('4');
    expect([await text('#count-connected'), await text('#count-gone'), await text('#count-all')]).toEqual(['4', '1', '5']);
    expect(await page.locator('.row:visible .dot[data-state=on]').count()).toBe(4);
    await page.check('input[name=which][value=gone]', { force: true });
    expect(await text('#clients-count')).toBe('4 connected, 1 gone, 1 shown');
    expect(await page.locator('#grid').getAttribute('aria-rowcount')).toBe('1');
  });

  it('tells of the steps and outages of a simulation', async () => {
    const { weather } = weatherOn(twoBoards());
    const { url, console } = await startRelay(0, { weather });
    const { page, errors } = await openPage(url, PHONE);
    await waitForText(page, '#link', 'live');
    console.note('step', '', 'ap.down for 30s');
    await waitForText(page, '#log [data-kind=step]', 'ap.down for 30s');
    console.note('relay', '', 'stopped');
    await waitForText(page, '#facts', 'relay stopped');
    console.note('relay', '', 'runs again');
    await page.locator('#facts', { hasText: /^up/ }).waitFor();
    expect(errors).toEqual([]);
  });

  it.each((['light', 'dark'] as const).flatMap((colorScheme) => WIDTHS.map(([name, size]) => [name, colorScheme, size] as const)))(
    'is legible and cut nowhere on %s, %s',
    async (_name, colorScheme, size) => {
      const { weather } = weatherOn(twoBoards());
      const { port, url } = await startRelay(0, { token: TOKEN, weather, isVirtual: () => true });
      await connectBoard(port, 'board-1');
      const { page, errors } = await openPage(`${url}?token=${TOKEN}`, { ...size, colorScheme });
      await waitForText(page, '.row', 'board-1');
      await waitForText(page, '#loss-now', 'mixed');
      await page.click('.row');
      await waitForText(page, '#history', 'Kick');
      expect(await page.evaluate(CUT)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await page.evaluate(CUT)).toEqual([]);
      expect(await page.evaluate(FAINT)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.viewport.width);
      expect(errors).toEqual([]);
    },
  );
});

/**
 * Buttons, titles and words of forms that do not fit where they are. In a browser, which this file's types do
 * not know.
 */
const CUT = `[...document.querySelectorAll('button, h2, label, output, .hint, .now, .note, .actions')]
  .filter((element) => element.offsetParent !== null && element.closest('.unseen') === null && !element.matches('.unseen'))
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
  .map((element) => element.id + ' ' + element.textContent.trim())`;

/** Words that are harder to read than WCAG 2.2 allows (1.4.3: a contrast of 4.5 to 1). */
const FAINT = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => { const share = value / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) === 1 && colour.startsWith('rgb')) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('button:enabled, h1, h2, h3, label, output, .hint, .now, .note, .row *, #log *, #facts, #link')]
    .filter((element) => element.offsetParent !== null && [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== ''))
    .map((element) => {
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))];
      return [element.textContent.trim(), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    })
    .filter(([, contrast]) => contrast < 4.5);
})()`;
