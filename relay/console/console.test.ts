/** The console in a real browser: what it shows. Without one these tests are skipped. */
import { describe, expect, it } from 'vitest';
import { HAS_CHROMIUM, openPage, withBrowser } from '../testing/chromium.ts';
import { connectBoard, startRelay, waitForText } from '../testing/console-browser.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { upgradeRequest } from '../testing/test-relay.ts';

/** What a browser says by itself while nobody answers. */
const NOBODY_ANSWERS = /ERR_CONNECTION|WebSocket connection to .* failed/;

describe.skipIf(!HAS_CHROMIUM)('the console in Chromium', { timeout: 60_000 }, () => {
  withBrowser();

  it('joins, sends, receives and sees a client drop, and whatever is sent stays text', async () => {
    const { port, url } = await startRelay();
    const { page, errors } = await openPage(url);
    const { socket, heard } = await connectBoard(port, 'board-1');
    await waitForText(page, '.row', 'board-1');
    await page.fill('#join-id', 'laptop');
    await page.click('#join-button');
    await waitForText(page, '#talk li', 'connected as laptop');
    await page.keyboard.type('hello <img src=x onerror=alert(1)>');
    await page.keyboard.press('Enter');
    await waitForText(page, '#talk li', 'Server got your message!');
    expect(heard).toEqual(['Mes from laptop: hello <img src=x onerror=alert(1)>']);
    socket.send('<b>SOS!</b>');
    await waitForText(page, '#talk li', 'Mes from board-1: <b>SOS!</b>');
    await waitForText(page, '.row', '1 in · 2 out');
    expect(await page.locator('#talk img, #talk b').count()).toBe(0);
    socket.terminate();
    await waitForText(page, '#log [data-kind=closed]', 'board-1');
    await waitForText(page, '.row:has-text("board-1")', 'gone');
    expect(errors).toEqual([]);
  });

  it('sees the relay stop and start again, and goes on by itself', async () => {
    const first = await startRelay();
    const { page, errors } = await openPage(first.url);
    const { socket } = await connectBoard(first.port, 'before');
    await waitForText(page, '.row', 'before');
    socket.terminate();
    await first.stop();
    await waitForText(page, '#link', 'relay does not answer');
    const second = await startRelay(first.port);
    await waitForText(page, '#link', 'live');
    await connectBoard(second.port, 'after');
    await waitForText(page, '.row', 'after');
    await waitForText(page, '#log [data-kind=relay]', 'started anew');
    expect(await page.locator('.row', { hasText: 'before' }).count()).toBe(0);
    expect(errors.filter((error) => !NOBODY_ANSWERS.test(error))).toEqual([]);
  });

  it('finds, filters, and shows a history, from the keyboard alone', async () => {
    const { port, url, relay } = await startRelay();
    for (const id of ['board-1', 'board-2', 'board-10']) await connectBoard(port, id);
    const { page, errors } = await openPage(url);
    await waitForText(page, '#clients-count', '3 connected');
    await page.keyboard.press('/');
    await page.keyboard.type('board');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.row[data-active=true] b').textContent()).toBe('board-1');
    await page.keyboard.press('End');
    expect(await page.locator('.row[data-active=true] b').textContent()).toBe('board-10');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await waitForText(page, '#history h2', 'board-2');
    await waitForText(page, '#history', 'Sessions before (0)');
    await page.keyboard.press('Escape');
    await page.locator('#history').waitFor({ state: 'hidden' });
    await page.fill('#find', '10');
    await page.keyboard.press('Enter');
    await waitForText(page, '#history h2', 'board-10');
    await page.keyboard.press('Escape');
    await page.fill('#find', '');
    await page.focus('#log');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await waitForText(page, '#history h2', 'board-10');
    await page.keyboard.press('Escape');
    await page.fill('#filter', 'board-10');
    expect(await page.locator('#log [role=option]').count()).toBe(1);
    await page.fill('#filter', '');
    await page.uncheck('input[value=connects]');
    expect(await page.locator('#log [data-kind=opened]').count()).toBe(0);
    await page.check('input[value=gone]', { force: true });
    await waitForText(page, '#nobody', 'No client like that.');
    expect([relay.clients, errors]).toEqual([3, []]);
  });

  it('asks for the token first', async () => {
    const { url } = await startRelay(0, { token: 'a-token-of-20-chars!' });
    const { page } = await openPage(url);
    await page.fill('input[name=token]', 'not the token at all');
    await page.keyboard.press('Enter');
    await waitForText(page, '[role=alert]', 'That is not the token.');
    await page.fill('input[name=token]', 'a-token-of-20-chars!');
    await page.keyboard.press('Enter');
    await waitForText(page, '#link', 'live');
    const { page: other } = await openPage(`${url}?token=a-token-of-20-chars!`);
    await waitForText(other, '#link', 'live');
    expect(other.url()).toBe(url);
  });

  it('holds a thousand clients in as many rows as are in view', async () => {
    const { url, relay } = await startRelay();
    for (let index = 1; index <= 1_000; index++) {
      const connection = new MemoryConnection();
      relay.server.emit('connection', connection);
      connection.push(upgradeRequest(`/board-${index}`));
    }
    const { page, errors } = await openPage(url);
    await page.locator('#grid[aria-rowcount="1000"]').waitFor();
    await page.focus('#grid');
    await page.keyboard.press('End');
    await waitForText(page, '.row[data-active=true]', 'board-1000');
    expect(await page.locator('.row').count()).toBeLessThan(40);
    expect(errors).toEqual([]);
  });
});
