/** The figures of library and model side by side, and whether they agree. */
import { formatMs, formatRough } from 'host/format';
import type { Figures } from './figures.ts';
import type { LiveLibrary } from './library.ts';

export interface Row {
  library: string;
  figure: string;
  model: string;
  live: string;
  /** null: not judged. */
  agrees: boolean | null;
}

/** What timers, sockets and a busy computer take, ms. */
const SLACK_MS = 1_000;
/** Of a number of tries, and of clients that are back in one second. */
const SLACK_SHARE = 0.5;

export function compare({ name, lateMs, clientLateMs }: LiveLibrary, model: Figures, live: Figures, clients: number): Row[] {
  const times = (figure: string, key: 'detectMs' | 'clientDetectMs', allowedMs: number): Row => {
    const [played, seen] = [model[key], live[key]];
    const isWithin = (ms: number) => ms >= Math.min(...played) - SLACK_MS && ms <= Math.max(...played) + SLACK_MS + allowedMs;
    const agrees = played.length === 0 || seen.length === 0 ? played.length === seen.length : isWithin(mean(seen)) && seen.every(isWithin);
    return { library: name, figure, model: range(played), live: range(seen), agrees };
  };
  const near = (played: number, seen: number) => Math.abs(played - seen) <= 1 + SLACK_SHARE * Math.max(played, seen);
  return [
    times('server finds a dead link', 'detectMs', lateMs),
    times('client finds it', 'clientDetectMs', clientLateMs),
    {
      library: name,
      figure: 'tries while the server is down',
      model: formatRough(model.tries),
      live: formatRough(live.tries),
      agrees: near(model.tries, live.tries),
    },
    {
      library: name,
      figure: `back in the same second, of ${clients}`,
      model: formatRough(model.peak),
      live: formatRough(live.peak),
      agrees: null,
    },
    { library: name, figure: 'back after', model: range(model.backMs), live: range(live.backMs), agrees: null },
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `4.1 s (3 to 5 s)` */
function range(values: readonly number[]): string {
  if (values.length === 0) return 'never';
  return `${formatMs(mean(values))} (${formatMs(Math.min(...values))} to ${formatMs(Math.max(...values))})`;
}
