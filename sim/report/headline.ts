/** The finding in a sentence or two: what a reader who reads nothing else should take away. */
import { formatCount, formatMs, formatShare, plural } from 'host/format';
import { type Distribution, isJudged, type Summary } from '../measure/result.ts';

export interface Verdict {
  kind: 'good' | 'bad';
  words: string;
}

/** Whether the run kept to what was asked of it. */
export function verdict({ checks, thresholds, interrupted }: Summary): Verdict {
  const broken = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const missed = thresholds.filter(({ ok }) => !ok);
  const partial = interrupted ? 'Interrupted, partial result. ' : '';
  if (broken.length > 0) return { kind: 'bad', words: `${partial}Broken: ${broken.join(', ')}` };
  if (missed.length > 0) return { kind: 'bad', words: `${partial}${missed.length} of ${plural(thresholds.length, 'threshold')} missed` };
  const [held, kept] = [checks.filter(isJudged), thresholds.filter(isJudged)];
  const open = checks.length + thresholds.length - held.length - kept.length;
  const asked = [
    held.length > 0 ? `${plural(held.length, 'check')} held` : '',
    kept.length > 0 ? `${plural(kept.length, 'threshold')} kept` : '',
    open > 0 ? `${open} not judged` : '',
  ];
  const words = asked.filter((part) => part !== '').join(', ');
  return { kind: 'good', words: partial + (words || 'Nothing was asked of this run') };
}

export function headline({ boards, metrics }: Summary): string {
  const share = metrics.channel_availability as number;
  const connects = metrics.connects as number;
  if (connects === 0) return `${plural(boards, 'board')} never had a working channel.`;
  return `${plural(boards, 'board')} had a working channel ${share >= 1 ? 'all the time' : `${formatShare(share)} of the time`}; ${messages(metrics)}.`;
}

export function story({ metrics }: Summary): string {
  const sentences: string[] = [];
  const detect = metrics.detect_ms as Distribution;
  const reconnect = metrics.reconnect_ms as Distribution;
  const recovery = metrics.recovery_ms as Distribution;
  const falseDisconnects = metrics.false_disconnects as number;
  const errors = metrics.board_errors as number;
  if (errors > 0) sentences.push(`The firmware threw ${plural(errors, 'error')} that it did not catch.`);
  if (detect.count > 0) sentences.push(`The relay found silently dead connections after ${middleAndWorst(detect)}.`);
  if (recovery.count > 0) sentences.push(`Once the network was restored, channels were open again after ${middleAndWorst(recovery)}.`);
  if (reconnect.count > 0)
    sentences.push(
      `Boards that had noticed the end of a channel had the next after ${middleAndWorst(reconnect)} (${plural(reconnect.count, 'reconnect')}).`,
    );
  else if ((metrics.connects as number) > 0) sentences.push('No board had to reconnect.');
  if (falseDisconnects > 0) sentences.push(`Keepalives killed ${plural(falseDisconnects, 'channel')} whose network was up.`);
  return sentences.join(' ');
}

function messages(metrics: Summary['metrics']): string {
  const sent = metrics.messages_sent as number;
  const lost = metrics.messages_lost as number;
  if (sent === 0) return 'no messages were sent';
  if (lost === 0) return sent === 1 ? 'the one message arrived' : `all ${formatCount(sent)} messages arrived`;
  return `${formatCount(lost)} of ${plural(sent, 'message')} ${lost === 1 ? 'was' : 'were'} lost`;
}

function middleAndWorst({ count, p50, max }: Distribution): string {
  return count === 1 ? formatMs(max ?? 0) : `${formatMs(p50 ?? 0)} (median), ${formatMs(max ?? 0)} at worst`;
}
