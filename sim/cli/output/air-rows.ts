/** The air that boards shared, in rows of the summary. */
import { formatCount, formatShare, plural } from 'host/format';
import type { Summary } from '../../measure/result.ts';
import type { Screen } from '../io.ts';

export function airRows({ metrics, warnings = [] }: Summary, colours: Screen['colours']): [label: string, value: string][] {
  const number = (name: string) => (metrics[name] as number | undefined) ?? 0;
  const frames = number('air_frames');
  if (frames === 0) return [];
  const drops = number('queue_drops');
  const words = [
    `${wholePercent(number('air_busy'))} busy`,
    `${wholePercent(number('air_collisions') / frames)} of frames collide`,
    `access point's queue at most ${plural(number('ap_queue_max'), 'packet')}`,
    ...(drops > 0 ? [colours.red(`${formatCount(drops)} found a queue full`)] : []),
  ];
  return [['Air', words.join(', ')], ...warnings.map((warning): [string, string] => ['Warning', colours.red(warning)])];
}

/** What is less than one in a hundred reads as it is. */
function wholePercent(share: number): string {
  return share >= 0.01 ? `${Math.round(share * 100)} %` : formatShare(share);
}
