/**
 * Link conditions that somebody recorded, as steps of a scenario: `link: { trace: FILE }`.
 *
 * Two formats. A CSV with a header of `t_ms` and any of `loss`, `latency_ms`, `jitter_ms`, `rate_bps`,
 * `rssi_dbm`, and for each access point `rssi_ap1`, `rssi_ap2` …: each row holds until the next, an empty
 * cell leaves a value as it is. And mahimahi's packet-delivery format (mm-link): a line per millisecond in
 * which one packet of 1,500 bytes may pass, over and over; here it becomes the mean rate of each second,
 * and a second without a packet the lowest rate there is. What mahimahi queues packet by packet is averaged
 * so.
 */
import { formatBitRate, formatDuration } from 'host/units';
import { LINK_FIELDS } from '../../net/link/settings.ts';
import { numberOf, readCsvRows } from './recorded/csv-rows.ts';

export const MAX_TRACE_BYTES = 4 * 1024 * 1024;
/** Steps that a trace may become: half of what a scenario may have. */
const MAX_ROWS = 5_000;
const MAHIMAHI_PACKET_BITS = 1_500 * 8;
const MAHIMAHI_WINDOW_MS = 1_000;
const LOWEST_RATE_BPS = 1_000;

export type TraceStep = { at: string; action: 'link.set' | 'ap.signal' } & Record<string, unknown>;

interface Column {
  key: keyof typeof LINK_FIELDS;
  write: (value: number) => unknown;
  /** Whose level it is; left out: it is the link's. */
  ap?: number;
}

/** How a column is called, and what becomes of its number. */
const COLUMNS: Record<string, Column> = {
  loss: { key: 'loss', write: (value) => value },
  latency_ms: { key: 'latency', write: formatDuration },
  jitter_ms: { key: 'jitter', write: formatDuration },
  rate_bps: { key: 'rate', write: formatBitRate },
  rssi_dbm: { key: 'rssi', write: (value) => value },
};
const AP_COLUMN = /^rssi_ap([1-9]\d{0,2})$/;

/**
 * @param aps access points that there are @returns what is wrong, with the line's number, when it is no
 * trace
 */
export function readLinkTrace(text: string, durationMs: number, aps = 1): TraceStep[] | string {
  if (text.trim() === '') return 'line 1: the file is empty; expected a CSV that begins with t_ms, or mahimahi’s list of milliseconds';
  return /^\s*t_ms\b/.test(text) ? readCsv(text, durationMs, aps) : readMahimahi(text.trimEnd().split(/\r?\n/), durationMs);
}

function readCsv(text: string, durationMs: number, aps: number): TraceStep[] | string {
  let names: readonly string[] = [];
  let columns: (Column | null)[] = [];
  const check = (given: readonly string[]): string | null => {
    names = given;
    columns = given.map((name) => columnOf(name, aps));
    const unknown = given.find((_, index) => columns[index] === null);
    if (unknown === undefined && given.length > 0) return null;
    return `${unknown === undefined ? 'no column' : `unknown column "${unknown}"`}; expected t_ms and any of ${Object.keys(COLUMNS).join(', ')}, rssi_ap1${aps > 1 ? ` to rssi_ap${aps}` : ''}`;
  };
  const rows = readCsvRows(text, check, durationMs);
  if (typeof rows === 'string') return rows;
  const steps: TraceStep[] = [];
  for (const { atMs, cells, place } of rows) {
    const at = formatDuration(atMs);
    const step: TraceStep = { at, action: 'link.set' };
    const signals: TraceStep[] = [];
    for (const [index, cell] of cells.entries()) {
      if (cell === '') continue;
      const { key, write, ap } = columns[index] as Column;
      const value = numberOf(cell);
      const written = value === null ? null : write(value);
      const field = LINK_FIELDS[key];
      if (written === null || field.read(written) === null) return `${place}: ${names[index]}: expected ${field.expected}, got "${cell}"`;
      if (ap === undefined) step[key] = written;
      else signals.push({ at, action: 'ap.signal', ap, [key]: written });
    }
    if (Object.keys(step).length > 2) steps.push(step);
    steps.push(...signals);
  }
  return bounded(steps);
}

/** null: there is none of that name. */
function columnOf(name: string, aps: number): Column | null {
  if (Object.hasOwn(COLUMNS, name)) return COLUMNS[name];
  const ap = Number(AP_COLUMN.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
  return ap <= aps ? { ...COLUMNS.rssi_dbm, ap } : null;
}

function readMahimahi(lines: string[], durationMs: number): TraceStep[] | string {
  const deliveries: number[] = [];
  for (const [index, line] of lines.entries()) {
    const atMs = /^\d{1,9}$/.test(line.trim()) ? Number(line) : null;
    if (atMs === null || atMs < (deliveries.at(-1) ?? 0)) {
      return `line ${index + 1}: expected a whole number of milliseconds, not less than the one before, got "${line.slice(0, 40)}"`;
    }
    deliveries.push(atMs);
  }
  const periodMs = deliveries[deliveries.length - 1];
  if (periodMs === 0) return 'line 1: expected milliseconds above 0';
  const steps: TraceStep[] = [];
  let before = 0;
  for (let fromMs = 0; fromMs < durationMs && steps.length <= MAX_ROWS; fromMs += MAHIMAHI_WINDOW_MS) {
    const until = deliveredBy(deliveries, fromMs + MAHIMAHI_WINDOW_MS);
    const packets = until - before;
    const rate = formatBitRate(Math.max(LOWEST_RATE_BPS, (packets * MAHIMAHI_PACKET_BITS * 1000) / MAHIMAHI_WINDOW_MS));
    if (LINK_FIELDS.rate.read(rate) === null) {
      const line = (before % deliveries.length) + 1;
      return `line ${line}: from here ${packets} packets within a second are ${rate}; expected ${LINK_FIELDS.rate.expected}`;
    }
    if (rate !== steps.at(-1)?.rate) steps.push({ at: formatDuration(fromMs), action: 'link.set', rate });
    before = until;
  }
  return bounded(steps);
}

/** Packets up to and including `ms`. The trace begins anew when it is over. */
function deliveredBy(deliveries: readonly number[], ms: number): number {
  const periodMs = deliveries[deliveries.length - 1];
  const periods = Math.floor(ms / periodMs);
  const restMs = ms - periods * periodMs;
  let [low, high] = [0, deliveries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (deliveries[middle] <= restMs) low = middle + 1;
    else high = middle;
  }
  return periods * deliveries.length + low;
}

function bounded(steps: TraceStep[]): TraceStep[] | string {
  return steps.length <= MAX_ROWS ? steps : `more than ${MAX_ROWS} changes of the link; expected at most that`;
}
