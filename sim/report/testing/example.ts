/**
 * Makes the picture of a report that READMEs show, from a run of now: `npm run report:example`. Needs
 * Chromium (CHROMIUM, or /usr/bin/chromium).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const PICTURE = join(__dirname, '..', 'example.png');
/** One that fails, and gets an advice. */
const RUN = ['sim', 'replay', 'scenarios/half-open.yaml', '--set', 'relay.ping_interval=60s', '--no-trace', '--quiet'];
const THRESHOLD_MISSED = 3;
/** Pixels: as wide as a README is shown, and what fits a screen: verdict, key figures and each board. */
const SIZE = { width: 1000, height: 925 };
const MAX_BYTES = 200_000;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    play(folder);
    await takePicture(pathToFileURL(join(folder, 'report.html')).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { size } = statSync(PICTURE);
  process.stdout.write(`${PICTURE}: ${size} bytes\n`);
  if (size > MAX_BYTES) throw new Error(`expected at most ${MAX_BYTES} bytes`);
}

function play(folder: string): void {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', ...RUN, '--out', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== THRESHOLD_MISSED) throw new Error(`expected exit code ${THRESHOLD_MISSED}, got ${status}`);
}

async function takePicture(url: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
    await page.goto(url);
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}

void main();
