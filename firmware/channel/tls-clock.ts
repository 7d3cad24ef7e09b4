/**
 * The board's calendar, as far as certificates need it: a time server, or the `Date` header of the relay's
 * answer, and dates in words.
 *
 * The header is taken from a connection that was not verified: whoever answers first sets the clock, and may
 * so make an expired certificate good again. It is asked for only when the config says so.
 */
import type { Hal, Socket, TlsSettings } from 'hal';
import type { DeviceConfig } from '../config.ts';

/** For the answer, ms: TCP, TLS and one request on a board that is slow at RSA; a time server takes less. */
const ANSWER_TIMEOUT_MS = 20000;
/** Of an answer, bytes: its head has a few hundred. */
const ANSWER_MAX_BYTES = 2048;

const DAY_MS = 86400000;
/** RFC 9110 section 5.6.7, the only form that a server may send. */
const DATE_LINE = /\r\ndate: *([a-z0-9:, ]+)\r\n/i;

/**
 * @param host, port, tls the relay, without verification, for the source `date_header`
 * @param done called once, with '' or why the clock was not set
 */
export function setClock(
  hal: Hal,
  clock: DeviceConfig['clock'],
  host: string,
  port: number,
  tls: TlsSettings,
  done: (failure: string) => void,
): void {
  let socket: Socket | null = null;
  let asking = true;
  const finish = (failure: string) => {
    if (!asking) return;
    asking = false;
    hal.clock.clearTimeout(timer);
    if (socket !== null) socket.destroy();
    done(failure);
  };
  const timer = hal.clock.setTimeout(() => finish('no answer'), ANSWER_TIMEOUT_MS);
  if (clock.source === 'sntp') hal.wallClock.synchronize(clock.server, (failure) => finish(failure === null ? '' : failure));
  else socket = askForDate(hal, host, port, tls, finish);
}

function askForDate(hal: Hal, host: string, port: number, tls: TlsSettings, finish: (failure: string) => void): Socket {
  let answer = '';
  const fail = () => finish('no date in the answer');
  const socket = hal.net.connect(
    host,
    port,
    {
      onConnect: () => {
        socket.write(`HEAD / HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`);
      },
      onData: (bytes) => {
        answer += bytes;
        const line = DATE_LINE.exec(answer);
        const epochMs = line === null ? 0 : hal.wallClock.parse(line[1]);
        if (epochMs > 0) {
          hal.wallClock.set(epochMs);
          finish('');
        } else if (answer.length > ANSWER_MAX_BYTES) fail();
      },
      onDrain: () => {},
      onClose: fail,
    },
    tls,
  );
  return socket;
}

/** `2000-01-01`, in UTC. */
export function dateText(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS);
  let year = 1970 + Math.floor(days / 366);
  while (daysFrom(year + 1, 1, 1) <= days) year++;
  let month = 1;
  while (month < 12 && daysFrom(year, month + 1, 1) <= days) month++;
  return `${year}-${twoDigits(month)}-${twoDigits(days - daysFrom(year, month, 1) + 1)}`;
}

/**
 * Days from 1970-01-01; January and February count as months 13 and 14 of the year before, so that the leap
 * day comes last.
 */
function daysFrom(year: number, month: number, day: number): number {
  const y = month < 3 ? year - 1 : year;
  const m = month < 3 ? month + 12 : month;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m - 457) / 5) + day - 719469;
}

function twoDigits(value: number): string {
  return (value < 10 ? '0' : '') + value;
}
