/**
 * What a fleet needs of the air, by arithmetic from its settings: packets per second times what each takes
 * when all go one after another, with the silence and the mean back-off before it, and its acknowledgement.
 * Of a channel that is asked for more than it has, queues grow.
 *
 * Not in it: retries after collisions, back-offs that pass at the same time, reconnecting, aggregation, power
 * save. It counts what the kit's own apps send.
 */
import { PROFILES } from '../board/profiles/index.ts';
import { BEACON_US as BEACON_INTERVAL_US } from '../net/rules/power-save.ts';
import { BEACON_BYTES } from '../net/wifi/air/beacon.ts';
import { AIFS_US, BEACON_IFS_US, CW_MIN } from '../net/wifi/air/edca.ts';
import { DSSS_1, MAC_OVERHEAD_BYTES, MCS_7, type PhyRate, rateOf, SIFS_US, SLOT_US } from '../net/wifi/air/phy.ts';
import { frameErrorRate, phyRateBps } from '../net/wifi/rssi.ts';
import { CHANNEL_NUMBERS } from '../net/wifi/shared-air.ts';
import { groupsOf } from './groups.ts';
import type { AirSettings, Scenario } from './scenario.ts';

/** Beyond it the time that packets wait grows faster than their number. */
export const MUCH_AIR = 0.7;

const US_PER_S = 1_000_000;
const MS_PER_S = 1_000;
/** Headers of IPv4 and TCP; a WebSocket frame's, with and without a mask; a record of TLS. */
const IP_BYTES = 40;
const MASKED_BYTES = 6;
const UNMASKED_BYTES = 2;
const TLS_BYTES = 29;
/**
 * The relay's words around a message, and its acknowledgement: `Mes from board-12: `, `Echo: `,
 * `Server got your message!`.
 */
const ENVELOPE_BYTES = 19;
const ECHO_BYTES = 6;
const REPLY_BYTES = 24;
const PING_BYTES = 8;
/**
 * lwIP acknowledges every second packet at once, a single one at the next tick of its fast timer
 * (TCP_TMR_INTERVAL), s.
 */
const ACK_TICK_S = 0.25;

/** What apps of the kit send, by their files: how often, ms, and bytes. */
const SENDS: Readonly<Record<string, { everyMs: number; bytes: number }>> = {
  'firmware/apps/sos.ts': { everyMs: 3_250, bytes: 4 },
  'firmware/apps/button.ts': { everyMs: Number.POSITIVE_INFINITY, bytes: 0 },
  'firmware/apps/echo.ts': { everyMs: Number.POSITIVE_INFINITY, bytes: 0 },
};
/** Of firmware that nobody knows: a short text. */
const SOME_BYTES = 20;

export interface AirNeed {
  /** Of the channel that needs most, as a share of its air; null: nobody knows what the firmware sends. */
  share: number | null;
  /** What one message of each board takes of it, with all that follows from it, s. */
  roundS: number;
}

/**
 * Of a mixed fleet as much of each group's need as it has of the boards.
 * @returns null when boards share no air
 */
export function airNeed(scenario: Scenario): AirNeed | null {
  const { air, boards } = scenario;
  if (air === null) return null;
  const need: AirNeed = { share: 0, roundS: 0 };
  for (const group of groupsOf(scenario)) {
    if (group.boards.count === 0) continue;
    const alike = { ...scenario, boards: { ...group.boards, count: boards.count }, link: group.link };
    const { share, roundS } = needOf(alike, air);
    const weight = group.boards.count / boards.count;
    need.roundS += weight * roundS;
    need.share = share === null || need.share === null ? null : need.share + weight * share;
  }
  return need;
}

/** Of boards that are all alike. */
function needOf(scenario: Scenario, air: AirSettings): AirNeed {
  const { aps, boards, relay, tls } = scenario;
  const cell = busiestChannel(scenario, air);
  const known = SENDS[boards.firmware];
  const record = tls === 'none' ? 0 : TLS_BYTES;
  const bytes = IP_BYTES + record + (known?.bytes || SOME_BYTES);
  const copies = relay.mode === 'broadcast' ? boards.count - 1 : 0;
  const perBoard = copies + 1;
  const everyS = (known?.everyMs ?? Number.POSITIVE_INFINITY) / MS_PER_S;
  const acks = perBoard * acksPerPacket((perBoard * ACK_TICK_S) / everyS);
  const answer = relay.mode === 'echo' ? bytes + ECHO_BYTES : IP_BYTES + record + REPLY_BYTES;
  const roundUs =
    cell.boards *
    (cell.us(bytes + MASKED_BYTES) +
      cell.us(answer + UNMASKED_BYTES) +
      copies * cell.us(bytes + UNMASKED_BYTES + ENVELOPE_BYTES) +
      acks * cell.us(IP_BYTES));
  const pingUs =
    relay.pingIntervalMs === 0
      ? 0
      : (cell.us(IP_BYTES + record + UNMASKED_BYTES + PING_BYTES) +
          cell.us(IP_BYTES + record + MASKED_BYTES + PING_BYTES) +
          cell.us(IP_BYTES)) *
        (MS_PER_S / relay.pingIntervalMs) *
        cell.boards;
  const beaconUs = (BEACON_IFS_US + DSSS_1.airUs(BEACON_BYTES)) / BEACON_INTERVAL_US;
  const roundS = roundUs / US_PER_S;
  const always = air.neighbours + pingUs / US_PER_S + Math.ceil(aps / CHANNEL_NUMBERS.length) * beaconUs;
  return { share: known === undefined ? null : always + roundS / everyS, roundS };
}

/** What one more or fewer access points would make of it. */
export function needWith(scenario: Scenario, aps: number): number {
  return airNeed({ ...scenario, aps })?.share ?? 0;
}

/**
 * Of the first channel, since access points come to them by turns: its boards, and what a packet of so many
 * bytes takes of its air on the mean, µs.
 */
function busiestChannel({ boards, aps, link }: Scenario, { slowStation }: AirSettings): { boards: number; us(bytes: number): number } {
  const channels = Math.min(aps, CHANNEL_NUMBERS.length);
  let count = 0;
  for (let board = 0; board < boards.count; board++) if ((board % aps) % channels === 0) count++;
  const { radio } = PROFILES[boards.device];
  const slow = slowStation ? Math.min(Math.ceil(aps / channels), count) : 0;
  const rate = link.rssiDbm === undefined ? MCS_7 : rateOf(phyRateBps(link.rssiDbm, radio));
  const tries = link.rssiDbm === undefined ? 1 : 1 / (1 - frameErrorRate(link.rssiDbm, radio));
  const us = (bytes: number) => (tries * (slow * exchangeUs(bytes, DSSS_1) + (count - slow) * exchangeUs(bytes, rate))) / count;
  return { boards: count, us };
}

/** @param bytes of the IP packet */
function exchangeUs(bytes: number, rate: PhyRate): number {
  return AIFS_US + (CW_MIN / 2) * SLOT_US + rate.airUs(bytes + MAC_OVERHEAD_BYTES) + SIFS_US + rate.ackUs;
}

/**
 * Half of the packets, and of an odd one the other half. @param perTick packets that come at random within a
 * tick of the timer, on the mean
 */
function acksPerPacket(perTick: number): number {
  return perTick === 0 ? 1 : 0.5 + (1 - Math.exp(-2 * perTick)) / (4 * perTick);
}
