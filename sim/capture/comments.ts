/** What a capture says beside a packet, where the world knows more than a wire would tell. */
import { type Packet, RST } from '../net/wire/packet.ts';
import type { LossReason } from '../net/wire/packet-tap.ts';

const SENT_AGAIN = 'sent again';
const MADE_UP = 'made up on the way, by link.reset';

/** By the reason that a tap is told; a rule or a hop that is not among them is named. */
const LOSSES: Record<string, string> = {
  ap: 'lost: the access point has no power',
  blackhole: 'swallowed by link.blackhole',
  blackhole_up: 'swallowed by link.blackhole on the way up',
  blackhole_down: 'swallowed by link.blackhole on the way down',
  not_joined: 'lost: the station has not joined',
  'rule.loss': 'lost on the air',
  'rule.macRetries': 'lost on the air at the last try of its frame',
  'rule.bandwidth': 'lost: the queue before the link is full',
  'rule.idleTimeout': 'lost: the connection is forgotten on the way (link.idle_timeout)',
  'rule.corrupt': 'lost: it arrives damaged, which its checksum says',
  'rule.mtu': 'lost: larger than the MTU of the path, and not to be fragmented',
  'hop.retries': 'lost on the air at the last try of its frame',
  'hop.queue full': 'lost: the queue before the air is full',
  'hop.expired': 'lost: it has waited too long for the air',
};

export function lossComment(why: LossReason): string {
  return LOSSES[why] ?? `lost (${why})`;
}

/** As it leaves. @param isAgain all of it was sent before */
export function sentComments({ flags }: Packet, isAgain: boolean): string[] {
  return [...(isAgain ? [SENT_AGAIN] : []), ...(flags === RST ? [MADE_UP] : [])];
}
