/**
 * Payloads that show a byte out of place: no two neighbours are alike, and the pattern does not repeat with a
 * mask's four bytes.
 */

const PERIOD = 251;
const PRINTABLE = 95;

/** ASCII. */
export function textOf(bytes: number): string {
  return repeat(bytes, PRINTABLE, (i) => 32 + i);
}

/** All byte values but the last few. */
export function binaryOf(bytes: number): string {
  return repeat(bytes, PERIOD, (i) => (i * 7 + 128) & 255);
}

/** One character per byte for whoever writes byte by byte. */
export function eachByte(bytes: string): string[] {
  return bytes.split('');
}

function repeat(bytes: number, period: number, codeAt: (i: number) => number): string {
  const once = Array.from({ length: period }, (_, i) => String.fromCharCode(codeAt(i))).join('');
  return once.repeat(Math.ceil(bytes / period)).slice(0, bytes);
}
