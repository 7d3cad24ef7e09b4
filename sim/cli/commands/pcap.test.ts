/**
 * `--pcap` as a user types it: a whole file beside the same run, and what is wrong said before anything runs.
 */
import { readFileSync, statSync } from 'node:fs';
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import { imageOf } from '../../board/runtimes/javascript.ts';
import { packetsOf } from '../../capture/testing/blocks.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { execute } from '../execute.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const SHORT = ['--boards', '3', '--duration', '30s', '--drop-rate', '0.05', '--no-report', '--no-trace'];
const SCENARIO = 'version: 1\nname: short\nduration: 20s\nboards: { count: 2 }\n';

describe('a capture', () => {
  it('is told of, and leaves the run as it is', async () => {
    const folder = scratch();
    const file = folder.path('run.pcapng');
    const hashOf = async (...words: string[]) => {
      const { out, exitCode } = await sim(...SHORT, '--json', '--out', folder.path('run'), ...words);
      expect(exitCode).toBe(0);
      return (JSON.parse(out) as { trace_hash: string }).trace_hash;
    };
    expect(await hashOf('--pcap', file)).toBe(await hashOf());
    const first = readFileSync(file);
    const { out } = await sim(...SHORT, '--out', folder.path('run'), '--pcap', file, '--pcap-boards', 'all', '--pcap-at', 'board');
    expect(out).toContain(`Captured to ${file} (${packetsOf(first).length} packets)\n`);
    expect(readFileSync(file).equals(first)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['2', ['10.0.0.1', '10.0.0.2']],
    ['board-3,board-1', ['10.0.0.1', '10.0.0.3']],
  ])('is of --pcap-boards %s', async (boards, addresses) => {
    const file = scratch().path('run.pcapng');
    await sim(...SHORT, '--quiet', '--out', scratch().path('run'), '--pcap', file, '--pcap-boards', boards);
    const seen = packetsOf(readFileSync(file)).map(({ frame, outbound }) =>
      frame
        .subarray(outbound ? 26 : 30)
        .subarray(0, 4)
        .join('.'),
    );
    expect([...new Set(seen)].sort()).toEqual(addresses);
  });

  it('says when it is full, and is whole', async () => {
    const folder = scratch();
    const file = folder.path('run.pcapng');
    const words = ['--boards', '20', '--no-report', '--no-trace', '--duration', '45s', '--out', folder.path('run'), '--json'];
    const { err, exitCode } = await sim(...words, '--pcap', file, '--pcap-max', '1MiB', '--pcap-at', 'both');
    expect(exitCode).toBe(0);
    expect(err).toMatch(
      /^--pcap: .*run\.pcapng is full \(--pcap-max 1MiB\): it ends [\d.]+ s into the run, and [\d,]+ packets after that are not in it\n$/,
    );
    expect(statSync(file).size).toBeLessThanOrEqual(1024 ** 2);
    expect(packetsOf(readFileSync(file)).length).toBeGreaterThan(5_000);
  });

  it('is whole when the run was interrupted', async () => {
    const folder = scratch();
    const file = folder.path('run.pcapng');
    const stop = new AbortController();
    let nowMs = 0;
    const io = { out: () => {}, err: () => {}, errIsTerminal: false, colour: false, columns: 80, nowMs: () => ++nowMs };
    const scenario = makeScenario({ duration: 3_600_000 });
    const output = { traceLevel: 'none', folder: null, json: true, quiet: true, report: false } as const;
    const pcap = { file, boards: { kind: 'all' }, at: 'both', maxBytes: 1024 ** 3 } as const;
    const timer = setTimeout(() => stop.abort(), 300);
    const job = {
      scenario,
      app: imageOf(app),
      replay: '',
      why: null,
      output,
      folder: null,
      comparison: null,
      stop: null,
      live: null,
      pcap,
      progress: false,
    };
    const summary = await execute(job, io, stop.signal);
    clearTimeout(timer);
    expect(summary.interrupted).toBe(true);
    expect(packetsOf(readFileSync(file)).length).toBeGreaterThan(100);
  });

  it('holds no secret of the boards, whose requests are as long as before', async () => {
    const folder = scratch();
    const file = folder.path('run.pcapng');
    const config = { server: 'ws://joe:70k3n@relay.example:8080/?token=53cr37', headers: { 'X-Key': '53cr37' } };
    const words = [...SHORT, '--config', folder.write('config.json', JSON.stringify(config)), '--out', folder.path('run'), '--json'];
    const plain = await sim(...words);
    const { out, exitCode } = await sim(...words, '--pcap', file);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).trace_hash).toBe(JSON.parse(plain.out).trace_hash);
    const text = readFileSync(file, 'latin1');
    expect(text).toContain('?token=******');
    for (const secret of ['53cr37', '70k3n', Buffer.from('joe:70k3n').toString('base64')]) expect(text).not.toContain(secret);
    expect(new Set(packetsOf(readFileSync(file)).map(({ frame, outbound }) => frame.readUInt16BE(outbound ? 36 : 34)))).toEqual(
      new Set([8080]),
    );
  });
});

it('a live run is captured too, and whole', async () => {
  const folder = scratch();
  const file = folder.path('live.pcapng');
  const scenario = folder.write(
    'live.yaml',
    'version: 1\nname: live\nduration: 6s\nboards: { count: 2, boot_spread: 0s, device: ideal }\n',
  );
  const live = ['--live', '--listen', '127.0.0.1:0', '--no-console'];
  const output = ['--no-report', '--no-trace', '--out', folder.path('run'), '--pcap', file, '--pcap-at', 'both'];
  const { out, exitCode } = await sim('replay', scenario, ...live, ...output);
  expect(exitCode).toBe(0);
  const packets = packetsOf(readFileSync(file));
  expect(out).toContain(`Captured to ${file} (${packets.length} packets)\n`);
  expect(new Set(packets.map((packet) => packet.interface))).toEqual(new Set([0, 1, 2]));
  expect(packets.filter(({ frame }) => frame.includes('GET /board-')).length).toBeGreaterThanOrEqual(4);
  // By the world's calendar, and not beyond the run and its drain.
  const spanUs = packets[packets.length - 1].epochUs - packets[0].epochUs;
  expect(spanUs).toBeGreaterThan(200_000);
  expect(spanUs).toBeLessThan(20_000_000);
});

describe('replay', () => {
  it('captures each of several files beside the others', async () => {
    const folder = scratch();
    const files = [folder.write('a.yaml', SCENARIO), folder.write('b.yaml', SCENARIO.replace('count: 2', 'count: 1'))];
    const words = ['--no-report', '--no-trace', '--out', folder.path('runs'), '--pcap', folder.path('x.pcapng')];
    const { out, exitCode } = await sim('replay', ...files, ...words);
    expect(exitCode).toBe(0);
    const names = [...out.matchAll(/Captured to (.*) \(/g)].map(([, name]) => name);
    expect(names).toHaveLength(2);
    for (const name of names) {
      expect(name).toMatch(/x-short-1-[0-9a-f]{8}\.pcapng$/);
      expect(packetsOf(readFileSync(name)).length).toBeGreaterThan(10);
    }
  });

  it('looks for the boards in every file before the first one runs', async () => {
    const folder = scratch();
    const files = [folder.write('a.yaml', SCENARIO), folder.write('b.yaml', SCENARIO.replace('count: 2', 'count: 1'))];
    const { out, err, exitCode } = await sim('replay', ...files, '--pcap', folder.path('x.pcapng'), '--pcap-boards', 'board-2');
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toBe('--pcap-boards: no board is called "board-2": the scenario has board-1 to board-1\n');
  });
});

describe('what is wrong is said, with exit code 2:', () => {
  it.each([
    ['--pcap: cannot write to "/nowhere/x.pcapng": no such file or directory', ['--pcap', '/nowhere/x.pcapng']],
    ['--pcap: cannot write to "/": it is a directory', ['--pcap', '/']],
    ['--pcap: cannot write to "/dev/full": no space left on the device', ['--pcap', '/dev/full']],
    [
      '--pcap-boards: no board is called "board-4": the scenario has board-1 to board-3',
      ['--pcap', '/dev/null', '--pcap-boards', 'board-4'],
    ],
    ['--pcap-boards: 4 boards are more than there are: the scenario has board-1 to board-3', ['--pcap', '/dev/null', '--pcap-boards', '4']],
    [
      '--pcap-boards: expected all, a number of boards (3), or ids (board-7,board-9), got "20%"',
      ['--pcap', '/dev/null', '--pcap-boards', '20%'],
    ],
    ['--pcap-max: expected a size from 1MiB to 1024GiB, got "64KiB"', ['--pcap', '/dev/null', '--pcap-max', '64KiB']],
    ['--pcap-max: expected a size from 1MiB to 1024GiB, got "2000GiB"', ['--pcap', '/dev/null', '--pcap-max', '2000GiB']],
    ['--pcap-at: expected one of board, relay, both, got "boards" (did you mean board?)', ['--pcap', '/dev/null', '--pcap-at', 'boards']],
    ['--pcap-at: expected --pcap FILE beside it', ['--pcap-at', 'both']],
  ])('%s', async (message, words) => {
    const { err, exitCode } = await sim(...SHORT, '--quiet', '--out', scratch().path('run'), ...words);
    expect([exitCode, err]).toEqual([2, `${message}\n`]);
  });
});
