/**
 * Every command in a real pseudo-terminal of 80 and of 120 columns, in colour: what a person then has on the
 * screen.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Scratch, scratch } from './testing/scratch.ts';
import { screenLines } from './testing/screen.ts';
import { CTRL_C, HAS_TERMINAL, openTerminal, type Terminal } from './testing/terminal.ts';

const WIDTHS = [80, 120] as const;
/** The launcher of `npx tsx PROGRAM` writes nothing on the screen, and takes as long as a short run. */
const LAUNCHER = /^npx tsx (\w+)/;
/** Threads and compilers, on a machine that may be busy, ms. */
const PATIENCE_MS = 120_000;
const ENDED = /\[exit \d+\]/;
/** Commands and paths to be copied, which nobody breaks for the sake of a margin. */
const TO_COPY = /^(Again|Why|Written to|Relay|Board|The whole grid|Next|npx tsx|Others can join|Console)[: ]/;
/** A line each, as compilers print them: editors and grep take them so. */
const FINDING = /^(\S+:\d+:\d+: |\S+: \d+ bytes|warning: )/;
const COLOUR = '\x1b[3';

const STUDY = `version: 1
name: a-study-with-a-long-name-of-several-words
duration: 2m
boards: { count: 4, device: ideal, boot_spread: 2s, board_ping_interval: 0s }
steps: [{ at: 20s, action: link.blackhole, for: 60s }]
thresholds: ["max(detect_ms) < 9s", "p99(message_latency_ms) < 1ms", "channel_availability > 99.9%"]
sweep: { parameters: { relay.ping_interval: [4s, 8s], relay.ping_timeout: [2s, 4s] }, seeds: 3 }
`;
const APP = `import { createChannel } from 'firmware/channel';
export function app(hal, config) { new Set([1]); createChannel(hal, config).onMessage(async (text) => hal.log.line(text)); }
`;

interface Case {
  name: string;
  command(files: Scratch): string;
  /** On the screen at the end. */
  shows: RegExp[];
  /** No colours there. */
  isPlain?: true;
  /** Laid out by the width beyond 80 columns: looked at there too. */
  isWide?: true;
}

const CASES: Case[] = [
  {
    name: 'sim',
    isWide: true,
    command: (files) => `npx tsx sim --boards 20 --drop-rate 0.2 --burst 8 --duration 5m --out ${files.path('out')}`,
    shows: [/^HELD: 3 checks, 1 not judged\. /m, /│ Availability /, /^Again: /m],
  },
  {
    name: 'replay',
    isWide: true,
    command: (files) => {
      const file = files.write('s.yaml', STUDY);
      return `npx tsx sim replay ${file} scenarios/smoke.yaml --set sweep=null --out ${files.path('out')}`;
    },
    shows: [/^FAILED: /m, /│ Thresholds .*3 of 3 failed/, /│ smoke /],
  },
  {
    name: 'sweep',
    command: (files) => `npx tsx sim sweep ${files.write('s.yaml', STUDY)} --no-report --out ${files.path('out')}`,
    shows: [/^FAILED: /m, /4s · 2s/],
  },
  {
    name: 'tune',
    command: (files) =>
      `npx tsx sim tune --scenario ${files.write('s.yaml', STUDY)} --goal 'max(detect_ms) < 9s' --minimize keepalive_bytes,false_disconnects ` +
      `--seeds 3 --no-report --out ${files.path('out')}`,
    shows: [/^Ping every \d+ s, wait \d+ s: dead links found within /m, /^One step away/m],
  },
  {
    name: 'advise',
    command: (files) => `npx tsx sim advise --detect-within 5s --link fair --idle-timeout none --no-report --out ${files.path('out')}`,
    shows: [/^Ping every \d+ s, wait \d+ s \(boards: /m, /^Relay: /m],
  },
  {
    name: 'compare',
    command: (files) => {
      const [a, b] = ['a', 'b'].map((name) =>
        files.write(`${name}.yaml`, `version: 1\nduration: ${name === 'a' ? 1 : 2}m\nboards: { count: 2 }\n`),
      );
      return `npx tsx sim compare ${a} ${b}`;
    },
    shows: [/│ messages_sent /],
    isPlain: true,
  },
  {
    name: 'fuzz',
    command: (files) => `npx tsx sim fuzz --seeds 4 --workers 1 --out ${files.path('out')}`,
    shows: [/^4 cases, /m],
    isPlain: true,
  },
  {
    name: 'help of sim',
    isWide: true,
    command: () => 'npx tsx sim --help',
    shows: [/--boards/, /--drop-rate/],
    isPlain: true,
  },
  {
    name: 'firmware check',
    command: (files) => `npx tsx firmware check ${files.write('app.ts', APP)}`,
    shows: [/Set does not exist/, /async function/],
    isPlain: true,
  },
  {
    name: 'firmware build',
    command: (files) => `npx tsx firmware build --out ${files.path('board.js')}`,
    shows: [/Run from Storage it takes about/, /wifi\.SSID is the placeholder/],
    isPlain: true,
  },
];

describe.skipIf(!HAS_TERMINAL)('in a terminal', { timeout: PATIENCE_MS }, () => {
  describe.each(WIDTHS)('of %i columns', (columns) => {
    it.for(CASES.filter(({ isWide }) => columns === 80 || isWide))(
      '$name: nothing is broken on the screen',
      async ({ command, shows, isPlain }) => {
        const terminal = open(command(scratch()), columns);
        onTestFinished(() => terminal.close());
        await terminal.shows(ENDED);
        const lines = await screenLines(terminal.screen, columns);
        const screen = lines.map(({ text }) => text).join('\n');
        for (const what of shows) expect(screen).toMatch(what);
        // Colour codes that were cut, and a bar that was left behind.
        expect(screen).not.toMatch(/\[\d+m|\b39m|[=-]{6,} .*(left|online)/);
        expect(
          lines.filter(({ text, isBroken }) => isBroken && !TO_COPY.test(text) && !FINDING.test(text)).map(({ text }) => text),
        ).toEqual([]);
        if (!isPlain) expect(terminal.screen).toContain(COLOUR);
      },
    );
  });

  it('the address of a live run stands on its own line above the bar', async () => {
    const [columns] = WIDTHS;
    const terminal = open(`npx tsx sim --boards 3 --live --listen 127.0.0.1:0 --out ${scratch().path('out')}`, columns);
    onTestFinished(() => terminal.close());
    await terminal.shows(/3 of 3 online/);
    const lines = (await screenLines(terminal.screen, columns)).map(({ text }) => text);
    const address = lines.findIndex((line) => /^Others can join: ws:\/\/127\.0\.0\.1:\d+\/<client_id>$/.test(line));
    const bar = lines.findIndex((line) => /^[=-]+ .* of 24 h · 3 of 3 online/.test(line));
    expect(address).toBeGreaterThan(0);
    expect(bar).toBeGreaterThan(address);
    expect(lines.filter((line) => line.includes('of 3 online'))).toHaveLength(1);
    await stop(terminal);
  });

  it.for(WIDTHS)('of %i columns the relay says where clients connect', async (columns) => {
    const terminal = open('npx tsx relay --host 127.0.0.1 --port 0', columns);
    onTestFinished(() => terminal.close());
    await terminal.shows(/relay listens/);
    const lines = await screenLines(terminal.screen, columns);
    expect(lines.some(({ text, isBroken }) => !isBroken && /ws:\/\/<this host>:\d+\/<client_id>/.test(text))).toBe(true);
    await stop(terminal);
  });
});

/** @param command as it would be typed */
function open(command: string, columns: number): Terminal {
  return openTerminal(command.replace(LAUNCHER, `'${process.execPath}' --import tsx $1/index.ts`), columns);
}

/** A program that is left in a closed terminal would end by itself, but not at once. */
async function stop(terminal: Terminal): Promise<void> {
  terminal.press(CTRL_C);
  await terminal.shows(ENDED);
}
