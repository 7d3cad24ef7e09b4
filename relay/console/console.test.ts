/** The console in a real browser: CHROMIUM, or /usr/bin/chromium. Without one these tests are skipped. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_CONFIG } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import { createRelay } from '../relay.ts';
import { createRealClock } from '../server/real-clock.ts';
import { listen } from '../server/server.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { upgradeRequest } from '../testing/test-relay.ts';
import { type ConsoleParts, createConsole } from './console.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** What a browser says by itself while nobody answers. */
const NOBODY_ANSWERS = /ERR_CONNECTION|WebSocket connection to .* failed/;
const WAIT_MS = 20_000;

let browser: Browser;

async function startRelay(port = 0, parts: Partial<ConsoleParts> = {}) {
  const clock = createRealClock();
  const console = createConsole({ clock, epochMs: Date.now, config: DEFAULT_CONFIG, token: null, ...parts });
  const { observer, pages, guests } = console;
  const config = { ...DEFAULT_CONFIG, closeTimeoutMs: 200 };
  const relay = createRelay({ clock, epochMs: Date.now, random: Math.random, config, log: NULL_LOG, observer, pages, guests });
  const address = await listen(relay.server, '127.0.0.1', port);
  console.start();
  const stop = async () => {
    console.close();
    await relay.close();
  };
  onTestFinished(stop);
  return { relay, console, stop, port: address.port, url: `http://127.0.0.1:${address.port}/` };
}

/** @returns what went wrong in it, which is nothing */
async function openPage(url: string, viewport = { width: 1280, height: 860 }): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}

async function board(port: number, id: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${id}`);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  onTestFinished(() => socket.terminate());
  return { socket, heard };
}

async function waitForText(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor();
}

describe.skipIf(!existsSync(CHROMIUM))('the console in Chromium', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());

  it('joins, sends, receives and sees a client drop, and whatever is sent stays text', async () => {
    const { port, url } = await startRelay();
    const { page, errors } = await openPage(url);
    const { socket, heard } = await board(port, 'board-1');
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
    const { socket } = await board(first.port, 'before');
    await waitForText(page, '.row', 'before');
    socket.terminate();
    await first.stop();
    await waitForText(page, '#link', 'relay does not answer');
    const second = await startRelay(first.port);
    await waitForText(page, '#link', 'live');
    await board(second.port, 'after');
    await waitForText(page, '.row', 'after');
    await waitForText(page, '#log [data-kind=relay]', 'started anew');
    expect(await page.locator('.row', { hasText: 'before' }).count()).toBe(0);
    expect(errors.filter((error) => !NOBODY_ANSWERS.test(error))).toEqual([]);
  });

  it('finds, filters, and shows a history, from the keyboard alone', async () => {
    const { port, url, relay } = await startRelay();
    for (const id of ['board-1', 'board-2', 'board-10']) await board(port, id);
    const { page, errors } = await openPage(url);
    await waitForText(page, '#clients-count', '3 connected');
    await page.keyboard.press('/');
    await page.keyboard.type('board');
    await page.keyboard.press('Enter');
    expect(await page.locator('.row[data-active=true] b').textContent()).toBe('board-1');
    await page.keyboard.press('End');
    expect(await page.locator('.row[data-active=true] b').textContent()).toBe('board-10');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await waitForText(page, '#history h2', 'board-2');
    await waitForText(page, '#history', 'Sessions before (0)');
    await page.keyboard.press('Escape');
    await page.locator('#history').waitFor({ state: 'hidden' });
    await page.fill('#filter', 'board-10');
    expect(await page.locator('#log li').count()).toBe(1);
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

  it('fits a phone, and changes the weather of a simulation', async () => {
    const boards = [{ id: 'board-1', lossRate: 0, latencyMs: 10, blackhole: false }];
    const weather = {
      boards: () => boards.map((one) => ({ ...one })),
      change: (_ids: readonly string[] | null, change: object) => Object.assign(boards[0], change) !== null,
    };
    const { url, console } = await startRelay(0, { weather });
    const { page, errors } = await openPage(url, { width: 390, height: 844 });
    await page.locator('#weather').scrollIntoViewIfNeeded();
    await page.fill('#loss', '30');
    await page.check('#blackhole');
    await page.click('#weather button');
    await waitForText(page, '#weather-now', '1 of 1 boards lose packets, 1 in a blackhole');
    expect(boards[0]).toEqual({ id: 'board-1', lossRate: 0.3, latencyMs: 10, blackhole: true });
    console.note('step', '', 'ap.down for 30s');
    await waitForText(page, '#log [data-kind=step]', 'ap.down for 30s');
    console.note('relay', '', 'stopped');
    await waitForText(page, '#facts', 'relay stopped');
    console.note('relay', '', 'runs again');
    await page.locator('#facts', { hasText: /^up/ }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(errors).toEqual([]);
  });
});
