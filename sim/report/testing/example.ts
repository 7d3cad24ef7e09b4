/** Makes the picture of a report that READMEs show, from a run of now: `npm run report:example`. Needs Chromium (CHROMIUM, or /usr/bin/chromium). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const PICTURE = join(__dirname, '..', 'example.png');
const RUN = ['sim', 'replay', 'scenarios/unseeded-random.yaml', '--no-trace', '--quiet'];
/** Pixels: as wide as a README is shown. */
const WIDTH = 1000;
/** The picture ends below the part that this finds. */
const LAST_PART = 'section:has(svg.wide)';
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

/** The scenario is there to fail, so any exit code but that of a mistake is right. */
function play(folder: string): void {
  try {
    execFileSync(process.execPath, ['--import', 'tsx', ...RUN, '--out', folder], { stdio: 'ignore' });
  } catch (error) {
    if ((error as { status: number }).status !== 3) throw error;
  }
}

async function takePicture(url: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 }, colorScheme: 'light' });
    await page.goto(url);
    const last = await page.locator(LAST_PART).first().boundingBox();
    if (last === null) throw new Error('the report has no chart');
    await page.screenshot({
      path: PICTURE,
      fullPage: true,
      clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(last.y + last.height + 12) },
    });
  } finally {
    await browser.close();
  }
}

void main();
