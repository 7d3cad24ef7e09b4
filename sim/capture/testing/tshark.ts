/** Wireshark's own dissectors (tshark), where they are installed: what a capture is judged by. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const TSHARK = process.env.TSHARK ?? '/usr/bin/tshark';

/** Else such tests are skipped. */
export const HAS_TSHARK = existsSync(TSHARK);

/** Every checksum is looked at, and what came out of order is put in order before anybody reads it. */
const PREFERENCES = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum', 'tcp.reassemble_out_of_order'];
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

function tshark(file: string, ...words: string[]): string {
  const preferences = PREFERENCES.flatMap((name) => ['-o', `${name}:TRUE`]);
  return execFileSync(TSHARK, ['-r', file, ...preferences, ...words], {
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/**
 * The packets that a display filter passes, each as the values of the fields; several values of one are
 * joined by commas.
 */
export function fieldsOf(file: string, filter: string, ...fields: string[]): string[][] {
  const lines = tshark(file, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])).split('\n');
  return lines.slice(0, -1).map((line) => line.split('\t'));
}

export function countOf(file: string, filter: string): number {
  return fieldsOf(file, filter, 'frame.number').length;
}

/**
 * A file of its own for what one interface has seen: the analysis of TCP takes what two have seen for sent
 * twice.
 */
export function splitOff(file: string, filter: string, to: string): string {
  tshark(file, '-Y', filter, '-w', to);
  return to;
}
