/**
 * A page in a headless Chromium, driven by its DevTools protocol: what the tests that need a browser run in,
 * when there is one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

const USUAL_PATH = '/usr/bin/chromium';

/** Path of the browser; undefined: such tests are skipped. */
export const CHROMIUM = process.env.CHROMIUM ?? (existsSync(USUAL_PATH) ? USUAL_PATH : undefined);

/** No sandbox: it cannot be had as root, and the page is empty and runs nothing but the test's script. */
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
/** A browser that does not end within this is killed, ms. */
const GOODBYE_MS = 3_000;

export class Page {
  private readonly child: ChildProcess;
  private readonly profile: string;
  private readonly devTools: WebSocket;
  private lastCommand = 0;

  private constructor(child: ChildProcess, profile: string, devTools: WebSocket) {
    this.child = child;
    this.profile = profile;
    this.devTools = devTools;
  }

  /** @param onSaid called with the first argument of each `console.log` of the page */
  static async open(onSaid: (text: string) => void): Promise<Page> {
    const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    const child = spawn(CHROMIUM ?? '', [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const targets = await fetch(`http://${await devToolsHost(child)}/json/list`);
    const pages: { type: string; webSocketDebuggerUrl: string }[] = JSON.parse(await targets.text());
    const devTools = new WebSocket(pages.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '');
    devTools.on('message', (text) => {
      const { method, params } = JSON.parse(String(text));
      if (method === 'Runtime.consoleAPICalled') onSaid(params.args[0].value);
    });
    await once(devTools, 'open');
    const page = new Page(child, profile, devTools);
    page.command('Runtime.enable');
    return page;
  }

  run(script: string): void {
    this.command('Runtime.evaluate', { expression: script });
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), GOODBYE_MS);
    this.command('Browser.close');
    await ended;
    clearTimeout(impatience);
    // Its helpers may be writing still.
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10 });
  }

  private command(method: string, params = {}): void {
    this.devTools.send(JSON.stringify({ id: ++this.lastCommand, method, params }));
  }
}

/** Where the browser says that its DevTools listen, HOST:PORT. */
function devToolsHost(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (bytes) => {
      said += bytes;
      const host = /DevTools listening on ws:\/\/([^/]+)/.exec(said)?.[1];
      if (host !== undefined) resolve(host);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the browser ended: ${said}`)));
  });
}
