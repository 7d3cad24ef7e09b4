/** Numbers, times and the relay's words, for people. */

const UNITS = /** @type {const} */ ([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
]);

/**
 * In its two largest units: `3m 4s`.
 * @param {number} ms
 */
export function duration(ms) {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  if (first < 0) return '0s';
  const [name, unitMs] = UNITS[first];
  const next = UNITS[first + 1];
  const rest = next ? Math.floor((ms % unitMs) / next[1]) : 0;
  return `${Math.floor(ms / unitMs)}${name}${rest > 0 ? ` ${rest}${next[0]}` : ''}`;
}

/** @param {number} ms of the relay's clock */
export function clockTime(ms) {
  return new Date(ms).toLocaleTimeString(undefined, { hour12: false });
}

/** @param {number} ms */
export function roundTrip(ms) {
  if (ms < 0) return '–';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/**
 * @param {number} value
 * @returns {string} `999`, `12.3k`, `4.5M`
 */
export function short(value) {
  if (value < 10_000) return String(value);
  return value < 1_000_000 ? `${(value / 1_000).toFixed(1)}k` : `${(value / 1_000_000).toFixed(1)}M`;
}

/**
 * @param {number} rate 0..1
 * @returns {string} to a tenth of a percent, as the relay's own events say it
 */
export function percent(rate) {
  return `${Math.round(rate * 1_000) / 10} %`;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes === 0) return '0';
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_024 ** 2 ? `${(bytes / 1_024).toFixed(1)} KiB` : `${(bytes / 1_024 ** 2).toFixed(1)} MiB`;
}

/** The colour that stands for what ended a session. */
const COLOURS = {
  ping_timeout: 'warn',
  peer_closed: 'calm',
  reset: 'bad',
  protocol_error: 'bad',
  takeover: 'odd',
  shutdown: 'accent',
  policy: 'bad',
};

/**
 * The relay's own word, as in its log and metrics.
 * @param {string} cause
 * @returns {{ words: string, colour: string }}
 */
export function causeOf(cause) {
  const colour = COLOURS[/** @type {keyof typeof COLOURS} */ (cause)] ?? 'calm';
  return { words: cause.replaceAll('_', ' '), colour };
}

/**
 * Sorts `board-2` before `board-10`.
 * @param {string} id
 */
export function sortKey(id) {
  return id.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}
