/**
 * Pages in a real browser that try to get at a relay: CHROMIUM, or /usr/bin/chromium. Without one these tests
 * are skipped.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import { NULL_OBSERVER } from '../observer.ts';
import { createRelay } from '../relay.ts';
import { createRealClock } from '../server/real-clock.ts';
import { listen } from '../server/server.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** As text, as a page has it; says how it came out in its title, or to the page around it. */
const SCRIPT = (port: number) => `
  const socket = new WebSocket('ws://127.0.0.1:${port}/page');
  const tell = (how) => { document.title = how; parent.postMessage(how, '*'); };
  socket.onopen = () => tell('open');
  socket.onerror = () => tell('refused');
`;

let browser: Browser;

async function startRelay() {
  const seen: string[] = [];
  const observer = {
    ...NULL_OBSERVER,
    sessionOpened: () => seen.push('opened'),
    refused: (...[, , reason]: [unknown, string, string]) => seen.push(reason),
  };
  const config = { ...DEFAULT_CONFIG, closeTimeoutMs: 200 };
  const relay = createRelay({ clock: createRealClock(), epochMs: Date.now, random: Math.random, config, log: NULL_LOG, observer });
  const { port } = await listen(relay.server, '127.0.0.1', 0);
  onTestFinished(() => relay.close());
  return { port, seen };
}

async function newPage(): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  return context.newPage();
}

/** Somebody's web server. @returns its URL */
async function serve(html: string): Promise<string> {
  const server = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(html));
  const { port } = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${port}/`;
}

function file(html: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'squall-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'page.html'), html);
  return `file://${folder}/page.html`;
}

/** A page that says what its frame does. */
function frame(attributes: string): string {
  return `<iframe ${attributes}></iframe><script>onmessage = ({ data }) => { document.title = data; }</script>`;
}

describe.skipIf(!existsSync(CHROMIUM))('a page in Chromium that is not the relay’s own', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());

  it.each<[string, (script: string) => string | Promise<string>]>([
    ['of another server', (script) => serve(`<script>${script}</script>`)],
    ['in a sandboxed frame', (script) => serve(frame(`sandbox="allow-scripts" srcdoc="<script>${script}</script>"`))],
    ['in a file', (script) => file(`<script>${script}</script>`)],
    ['in a data: URL', (script) => serve(frame(`src="data:text/html,<script>${encodeURIComponent(script)}</script>"`))],
  ])('%s is refused', async (_where, urlOf) => {
    const { port, seen } = await startRelay();
    const page = await newPage();
    await page.goto(await urlOf(SCRIPT(port)));
    await page.waitForFunction("document.title !== ''");
    expect([await page.title(), seen]).toEqual(['refused', ['bad_origin']]);
  });
});
