import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { LogDestination } from './log-destination.ts';

const MIB = 1024 ** 2;
const BLOCKING_PIPE = constants.O_RDWR;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/**
 * A pipe that blocks who writes to it, as one from a shell does, and what can be read from it without
 * waiting.
 */
function pipe() {
  const path = join(folder(), 'pipe');
  spawnSync('mkfifo', [path]);
  const writing = openSync(path, BLOCKING_PIPE);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => [writing, reading].forEach((descriptor) => void closeSync(descriptor)));
  const buffer = Buffer.alloc(MIB);
  const read = (): string => {
    try {
      return buffer.toString('latin1', 0, readSync(reading, buffer));
    } catch {
      return '';
    }
  };
  return { writing, read };
}

/** Reads until so many lines have come. */
async function readLines(read: () => string, count: number): Promise<string[]> {
  let text = '';
  while (text.split('\n').length <= count) {
    text += read();
    await sleep(1);
  }
  return text.trimEnd().split('\n');
}

const line = (number: number) => `${String(number).padStart(7, '0')} ${'x'.repeat(91)}\n`;
const LINES = Math.ceil((3 * MIB) / line(0).length);

describe('a log that nobody reads', () => {
  it('holds nobody up, keeps a mebibyte, drops the newest lines, and says how many when it is read again', async () => {
    const { writing, read } = pipe();
    const destination = new LogDestination(writing);
    const told: number[] = [];
    destination.onDropped = (count) => {
      told.push(count);
      destination.write(`dropped ${count}\n`);
    };
    for (let i = 0; i < LINES; i++) destination.write(line(i));
    await sleep(50); // the pipe takes what it can, and then nothing
    for (let i = 0; i < LINES; i++) destination.write(line(i));
    const { dropped } = destination;
    const kept = 2 * LINES - dropped;
    expect(kept * line(0).length).toBeGreaterThan(MIB);
    expect(kept * line(0).length).toBeLessThan(1.2 * MIB);
    const lines = await readLines(read, kept + 1);
    expect(lines.at(-1)).toBe(`dropped ${dropped}`);
    expect(told).toEqual([dropped]);
    expect(lines.slice(0, 100).map((text) => `${text}\n`)).toEqual(Array.from({ length: 100 }, (_, i) => line(i)));
    destination.write('and on\n');
    expect(await readLines(read, 1)).toEqual(['and on']);
  });

  it('gets a second at the end, and not more', async () => {
    const { writing } = pipe();
    const destination = new LogDestination(writing);
    for (let i = 0; i < LINES; i++) destination.write(line(i));
    const clock = new VirtualClock();
    let isOver = false;
    void destination.end(clock).then(() => (isOver = true));
    await clock.advance(999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await sleep(0);
    expect(isOver).toBe(true);
  });

  it('is flushed at the end, at once when all is read', async () => {
    const { writing, read } = pipe();
    const destination = new LogDestination(writing);
    const clock = new VirtualClock();
    await destination.end(clock);
    for (let i = 0; i < 100; i++) destination.write(line(i));
    await destination.end(clock);
    expect(await readLines(read, 100)).toHaveLength(100);
    expect(clock.pending).toBe(0);
  });

  it('whose reader has gone is no error, and what it does not get is counted', async () => {
    const path = join(folder(), 'pipe');
    spawnSync('mkfifo', [path]);
    const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const destination = new LogDestination(openSync(path, constants.O_WRONLY));
    closeSync(reading);
    destination.write(line(0));
    await destination.end(new VirtualClock());
    destination.write(line(1));
    expect(destination.dropped).toBeGreaterThan(0);
  });
});

it('a file gets every line, behind what is in it', async () => {
  const path = join(folder(), 'log');
  const destination = new LogDestination(openSync(path, 'w'));
  for (let i = 0; i < 1_000; i++) destination.write(line(i));
  await destination.end(new VirtualClock());
  expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: 1_000 }, (_, i) => line(i)).join(''));
});
