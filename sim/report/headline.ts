/** The finding in a sentence or two: what a reader who reads nothing else should take away. */
import { formatCount, formatMs, formatShare, plural } from 'host/format';
import type { Distribution, Summary } from '../measure/result.ts';

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
