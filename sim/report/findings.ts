/** What each part of the report shows, as a sentence from the data: the titles of its sections. */
import { formatCount, formatMs, formatShare, plural } from 'host/format';
import { type Distribution, isJudged, type RunResult, type Stall, type Summary } from '../measure/result.ts';
import { causeWords, countedCauses } from './causes.ts';
import type { Loss } from './losses.ts';

/** Stalls below this cannot be seen on an LED, ms. */
const SHORT_STALL_MS = 20;

export function channelsFinding({ boards }: RunResult, losses: readonly Loss[]): string {
  const opened = boards.filter(({ connects }) => connects > 0).length;
  if (opened === 0)
    return boards.length === 1
      ? 'The board never had an open channel'
      : `None of ${plural(boards.length, 'board')} ever had an open channel`;
  const never = opened < boards.length ? `; ${formatCount(boards.length - opened)} never had one` : '';
  const who = new Set(losses.map(({ board }) => board)).size;
  if (who === 0)
    return `${boards.length === 1 ? 'The board' : `${opened < boards.length ? '' : 'All '}${plural(opened, 'board')}`} kept the first channel to the end${never}`;
  if (boards.length === 1)
    return `The board lost its channel ${losses.length === 1 ? 'once' : `${formatCount(losses.length)} times`}; ${backWords(losses)}`;
  const often = losses.length > who ? `, ${formatCount(losses.length)} times in all` : '';
  const lost = who === boards.length ? `All ${plural(who, 'board')}` : `${formatCount(who)} of ${plural(boards.length, 'board')}`;
  return `${lost} lost ${who === 1 ? 'its' : 'their'} channel${often}; ${backWords(losses)}${never}`;
}

function backWords(losses: readonly Loss[]): string {
  const backs = losses.flatMap(({ backMs }) => (backMs === null ? [] : [backMs])).sort((a, b) => a - b);
  const missing = losses.length - backs.length;
  if (losses.length === 1) return missing === 1 ? 'it was not back by the end' : `it was back after ${formatMs(backs[0])}`;
  if (backs.length === 0) return 'none was back by the end';
  const half = Math.ceil(losses.length / 2);
  const middle = backs.length >= half ? `half were back within ${formatMs(backs[half - 1])}` : `${formatCount(backs.length)} came back`;
  return missing === 0 ? `${middle}, all within ${formatMs(backs[backs.length - 1])}` : `${middle}, ${formatCount(missing)} not by the end`;
}

/**
 * Of the time since the most boards were there for the first time: what comes before is the start of the
 * fleet.
 */
export function availabilityFinding({ availability: { share, stepMs }, boards }: RunResult): string {
  const most = Math.max(0, ...share);
  if (most === 0) return 'At no time had any board a working channel';
  const from = share.indexOf(most);
  const least = Math.min(...share.slice(from));
  const start = formatMs((from + 1) * stepMs);
  if (least === most)
    return `${most < 1 ? `${formatShare(most)} of the boards` : boards.length === 1 ? 'The board' : 'All boards'} had a working channel from ${start} on`;
  if (boards.length === 1) {
    const gap = share.findIndex((value, step) => step > from && value < most);
    return `The board had no working channel for a while, first at ${formatMs(gap * stepMs)}`;
  }
  return `At worst ${formatShare(least)} of the boards had a working channel, at ${formatMs(share.indexOf(least, from) * stepMs)}`;
}

/** The herd: what comes back after something broke, beside what comes at the start. */
export function connectsFinding({ connectsPerSecond, outages }: RunResult): string {
  const most = (seconds: readonly number[]) => seconds.reduce((a, b) => Math.max(a, b), 0);
  const peak = most(connectsPerSecond);
  if (peak === 0) return 'The relay opened no session';
  const busiest = connectsPerSecond.indexOf(peak);
  const words = `${plural(peak, 'session')} opened in the busiest second, ${busiest === 0 ? 'the first' : `at ${formatMs(busiest * 1000)}`}`;
  if (outages.length === 0) return words;
  const first = Math.floor(outages[0].fromMs / 1000);
  if (busiest < first) return `${words}; after the first outage at most ${formatCount(most(connectsPerSecond.slice(first)))}`;
  return `${words}; before the first outage at most ${formatCount(most(connectsPerSecond.slice(0, first)))}`;
}

export function timesFinding({ summary: { metrics } }: RunResult): string {
  const { count, p50, p99 } = metrics.message_latency_ms as Distribution;
  if (count === 0) return 'No message arrived';
  return `Half of the messages arrived within ${formatMs(p50 ?? 0)}, 99 % within ${formatMs(p99 ?? 0)}`;
}

export function causesFinding({ summary: { metrics } }: RunResult): string {
  const [first] = countedCauses(metrics);
  if (first === undefined) return 'No connection ended';
  const total = metrics.disconnects as number;
  if (first.count === total)
    return `${total === 1 ? 'The one connection that ended' : `All ${plural(total, 'connection')} that ended`}: ${causeWords(first.cause)}`;
  return `${formatCount(first.count)} of ${plural(total, 'connection')} that ended: ${causeWords(first.cause)}`;
}

export function stallsFinding(stalls: readonly Stall[], words: (cause: string) => string): string {
  const [worst] = stalls;
  if (worst === undefined) return 'No timer of the firmware was ever late';
  const late = `no timer was later than ${formatMs(worst.worstMs)}`;
  return worst.worstMs < SHORT_STALL_MS
    ? `Main loops kept their time: ${late}`
    : `Main loops stood still for up to ${formatMs(worst.worstMs)}: ${words(worst.cause)}`;
}

export function boardsFinding({ boards }: RunResult): string {
  if (boards.length === 1) return `${boards[0].id} was available ${formatShare(boards[0].availability)} of the time`;
  const [worst] = [...boards].sort((a, b) => a.availability - b.availability || b.disconnects - a.disconnects);
  const same = boards.filter(({ availability }) => availability === worst.availability).length;
  if (same === boards.length) return `All boards were available ${formatShare(worst.availability)} of the time`;
  const who = same === 1 ? `${worst.id} was` : `${plural(same, 'board')} were`;
  return `${who} available least: ${formatShare(worst.availability)} of the time`;
}

export function groupsFinding({ groups = [], metrics }: Summary): string {
  const shareOf = (name: string) => metrics[`channel_availability.${name}`] as number;
  const [worst, ...others] = groups.filter(({ name }) => shareOf(name) !== undefined).sort((a, b) => shareOf(a.name) - shareOf(b.name));
  const best = others.at(-1);
  if (best === undefined) return `All boards are ${worst.name}`;
  const least = `${worst.name} was available ${formatShare(shareOf(worst.name))} of the time`;
  return shareOf(best.name) === shareOf(worst.name)
    ? `Each group was available ${formatShare(shareOf(worst.name))} of the time`
    : `${least}, ${best.name} ${formatShare(shareOf(best.name))}`;
}

export function judgementsFinding({ checks, thresholds }: Summary): string {
  const all = [...checks, ...thresholds];
  const failed = all.filter(({ ok }) => !ok).length;
  if (failed > 0) return `${formatCount(failed)} of ${formatCount(all.length)} failed`;
  const open = all.filter((one) => !isJudged(one)).length;
  if (open === all.length) return all.length === 0 ? 'Nothing was asked of this run' : 'Nothing could be judged';
  return open === 0 ? 'All of them held' : `${formatCount(all.length - open)} held, ${formatCount(open)} could not be judged`;
}
