/**
 * Name resolution as lwIP does it (src/core/dns.c): a query and an answer, sent again after 1, 2 and 4 s; no
 * answer after 7 s is a failure.
 *
 * Every name is there, but for names in `.invalid` (RFC 6761 section 6.4), which the resolver denies. Not
 * modelled: several servers. What is remembered of it is resolver.ts's.
 */
import type { RandomStream } from '../kernel/random.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { US_PER_MS } from '../kernel/units.ts';

/** An IPv6 one stands in brackets. */
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/;
const DENIED = /\.invalid$/i;
/** When queries leave, ms after the first, and when lwIP gives up. */
const QUERY_AT_MS = [0, 1000, 2000, 4000];
const GIVE_UP_MS = 7000;
/** From query to answer when both pass [assumed: a resolver in the same network]. */
const ANSWER_MS = 20;

/** It needs no resolution. */
export function isAddress(host: string): boolean {
  return ADDRESS.test(host);
}

/**
 * @param host a name @param delayMs of each answer, on top @param lossRate packet loss of the link, asked at
 *   each query @param done called later with whether the name was found
 */
export function resolveHost(
  host: string,
  kernel: Timeline,
  random: () => RandomStream,
  delayMs: number,
  lossRate: () => number,
  done: (found: boolean) => void,
): void {
  const startedAtUs = kernel.nowUs;
  const stream = random();
  const at = (ms: number, action: () => void): void => kernel.schedule(startedAtUs + ms * US_PER_MS, { onEvent: action }, null);
  const query = (index: number): void => {
    const passes = stream.next() < (1 - lossRate()) ** 2;
    const nextAtMs = index + 1 < QUERY_AT_MS.length ? QUERY_AT_MS[index + 1] : GIVE_UP_MS;
    const answerMs = QUERY_AT_MS[index] + ANSWER_MS + delayMs;
    if (passes && answerMs < GIVE_UP_MS) at(answerMs, () => done(!DENIED.test(host)));
    else if (passes) at(GIVE_UP_MS, () => done(false));
    else if (index + 1 < QUERY_AT_MS.length) at(nextAtMs, () => query(index + 1));
    else at(nextAtMs, () => done(false));
  };
  query(0);
}
