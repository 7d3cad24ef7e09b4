/**
 * `npm run bench:capture`: what it takes to read a capture of a gigabyte, as CPU and wall seconds and memory of
 * the whole command. The capture is that of a run, again and again: each time later, with other addresses.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENHANCED_PACKET, PACKET_HEADER_BYTES } from '../capture/format/pcapng.ts';

/** On a machine that does nothing else, it takes about as long by the clock. */
const CPU_SECONDS = 60;
const PEAK_MEGABYTES = 300;
const FILE_BYTES = 1e9;
const RUN = ['--boards', '50', '--drop-rate', '0.05', '--duration', '10m', '--air', 'private', '--pcap-at', 'relay', '--pcap-max', '1GiB'];
/** From one copy to the next. */
const SHIFT_US = 900_000_000;
const TWO_POW_32 = 2 ** 32;
/** Of the addresses in an Ethernet frame of IPv4 the second byte, which the run has 0. */
const SECOND_BYTES = [14 + 12 + 1, 14 + 16 + 1];
const BLOCK_HEAD_BYTES = 8;

const scratch = mkdtempSync(join(tmpdir(), 'squall-bench-'));
try {
  const [run, large, usage] = ['run.pcapng', 'large.pcapng', 'usage.json'].map((name) => join(scratch, name));
  command(['sim/index.ts', ...RUN, '--pcap', run, '--out', join(scratch, 'run'), '--no-report', '--no-trace', '--quiet'], {});
  repeat(run, large);
  const startedMs = performance.now();
  const said = command(['--require', './sim/bench/meter.cjs', 'sim/index.ts', 'describe', large, '--json'], { BENCH_USAGE: usage });
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  const { packets, boards } = JSON.parse(said) as { packets: number; boards: unknown[] };
  const { cpuSeconds, peakMegabytes } = JSON.parse(readFileSync(usage, 'utf8')) as Record<string, number>;
  console.log(`${(statSync(large).size / 1e6).toFixed(0)} MB, ${packets} packets of ${boards.length} clients`);
  console.log(`  ${cpuSeconds.toFixed(1)} s of CPU (at most ${CPU_SECONDS}), ${wallSeconds.toFixed(1)} s by the clock`);
  console.log(`  peak memory ${peakMegabytes.toFixed(0)} MB (at most ${PEAK_MEGABYTES})`);
  process.exitCode = cpuSeconds > CPU_SECONDS || peakMegabytes > PEAK_MEGABYTES ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true });
}

function command(words: readonly string[], env: Record<string, string>): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`ended with exit code ${status}:\n${stderr}`);
  return stdout;
}

function repeat(from: string, to: string): void {
  const bytes = readFileSync(from);
  const packets: number[] = [];
  let headBytes = 0;
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) === ENHANCED_PACKET) packets.push(at);
    else headBytes = at + bytes.readUInt32LE(at + 4);
  }
  const file = openSync(to, 'w');
  writeSync(file, bytes, 0, headBytes);
  for (let copy = 0, written = headBytes; written < FILE_BYTES; copy++, written += bytes.length - headBytes) {
    for (const at of packets) alter(bytes, at + BLOCK_HEAD_BYTES, copy);
    writeSync(file, bytes, headBytes);
  }
  closeSync(file);
}

function alter(bytes: Buffer, at: number, copy: number): void {
  const shiftUs = copy === 0 ? 0 : SHIFT_US;
  const us = bytes.readUInt32LE(at + 4) * TWO_POW_32 + bytes.readUInt32LE(at + 8) + shiftUs;
  bytes.writeUInt32LE(Math.floor(us / TWO_POW_32), at + 4);
  bytes.writeUInt32LE(us % TWO_POW_32, at + 8);
  for (const byte of SECOND_BYTES) bytes[at + PACKET_HEADER_BYTES + byte] = copy;
}
