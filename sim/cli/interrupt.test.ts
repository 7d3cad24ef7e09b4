/**
 * Ctrl-C as a person presses it: in a terminal, on the commands of the README, with npx and its launcher in
 * between.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Summary } from '../measure/result.ts';
import { type Scratch, scratch } from './testing/scratch.ts';
import { CTRL_C, HAS_TERMINAL, openTerminal, processesOf } from './testing/terminal.ts';

/** Each starts npx, its launcher and a program, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });
/** "Partial results are written within a second"; the rest is for a machine that is busy. */
const WRITTEN_WITHIN_MS = 5_000;

const STUDY = `version: 1
duration: 12h
boards: { count: 20, device: ideal }
sweep: { parameters: { relay.ping_interval: [5s, 10s] }, seeds: 20, metrics: [tcp_segments] }
`;

interface Case {
  name: string;
  command: (out: string, files: Scratch) => string;
  /** On the screen when it is under way, and when it has ended. */
  busy: RegExp;
  ended: RegExp;
}

const CASES: Case[] = [
  {
    name: 'sim',
    command: (out) => `npx tsx sim --boards 50 --drop-rate 0.1 --duration 20h --out ${out}`,
    busy: /50 of 50 online/,
    ended: /Written to /,
  },
  {
    name: 'replay',
    command: (out, files) => `npx tsx sim replay ${files.write('s.yaml', 'version: 1\nduration: 720h\n')} --out ${out}`,
    busy: /10 of 10 online/,
    ended: /Written to /,
  },
  {
    name: 'sweep',
    command: (out, files) => `npx tsx sim sweep ${files.write('s.yaml', STUDY)} --workers 1 --out ${out}`,
    busy: /of 40/,
    ended: /the same command goes on/,
  },
  {
    name: 'tune',
    command: (out, files) =>
      `npx tsx sim tune --goal 'connects > 3' --minimize keepalive_bytes --scenario ${files.write('s.yaml', STUDY)} --workers 1 --out ${out}`,
    busy: /batch|runs/,
    ended: /the same command goes on/,
  },
  {
    name: 'fuzz',
    command: (out) => `npx tsx sim fuzz --seeds 100000 --workers 1 --out ${out}`,
    busy: /of 100/,
    ended: /\d+ (of|cases|seeds)[^\n]*$/m,
  },
  {
    name: 'live',
    command: (out) => `npx tsx sim --boards 3 --live --listen 127.0.0.1:0 --out ${out}`,
    busy: /3 of 3 online/,
    ended: /Written to /,
  },
  {
    name: 'proxy',
    command: (_, files) =>
      `npx tsx sim proxy --listen 127.0.0.1:0 --upstream ws://127.0.0.1:9/ --scenario ${files.write('s.yaml', 'version: 1\n')}`,
    busy: /Ctrl-C ends it/,
    ended: /0 connections of 0 devices/,
  },
  {
    name: 'relay',
    command: (_, files) => `npx tsx relay --host 127.0.0.1 --port 0 --record ${files.path('field.jsonl')}`,
    busy: /relay listens/,
    ended: /relay stopped/,
  },
];

describe.skipIf(!HAS_TERMINAL)('Ctrl-C in a terminal', () => {
  it.for(CASES)('$name: what it has is written, and nothing is left running', async ({ command, busy, ended }) => {
    const files = scratch();
    const out = files.path('out');
    const terminal = openTerminal(command(out, files));
    onTestFinished(() => terminal.close());
    await terminal.shows(busy);
    terminal.press(CTRL_C);
    await terminal.shows(/\[exit \d+\]/);
    await vi.waitFor(() => expect(processesOf(files.path(''))).toEqual([]), { timeout: WRITTEN_WITHIN_MS });
    expect(terminal.screen).toMatch(ended);
  });

  it('the files of a run are whole, and say that it was interrupted', async () => {
    const files = scratch();
    const out = files.path('out');
    const terminal = openTerminal(CASES[0].command(out, files));
    onTestFinished(() => terminal.close());
    await terminal.shows(CASES[0].busy);
    terminal.press(CTRL_C);
    await terminal.shows(CASES[0].ended);
    expect(readdirSync(out).sort()).toEqual(['report.html', 'summary.json', 'trace.jsonl']);
    expect(JSON.parse(readFileSync(`${out}/summary.json`, 'utf8')) as Summary).toMatchObject({ interrupted: true, boards: 50 });
  });
});
