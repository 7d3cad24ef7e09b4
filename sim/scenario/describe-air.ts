/**
 * The air in plain words: who shares it, who else takes of it, and what the fleet needs of it by arithmetic.
 */
import { plural } from 'host/format';
import { CHANNEL_NUMBERS } from '../net/wifi/shared-air.ts';
import { airNeed, MUCH_AIR, needWith } from './air-need.ts';
import type { AirSettings, Scenario } from './scenario.ts';

/** Sentences. */
export function describeAir(scenario: Scenario): string[] {
  const { aps, air } = scenario;
  if (air === null)
    return [aps === 1 ? 'Each board has an air of its own.' : `Each board has an air of its own, at one of ${aps} access points.`];
  const channels = CHANNEL_NUMBERS.slice(0, aps);
  const who =
    aps === 1
      ? `The boards share the air of one access point (channel ${channels[0]})`
      : `The boards belong to ${aps} access points on channels ${channels.slice(0, -1).join(', ')} and ${channels.at(-1)} by turns, and share their air`;
  const more = conditions(air);
  return [`${who}${more.length === 0 ? '' : `; ${more.join(', ')}`}.`, ...needSentences(scenario)];
}

/** `shared, others take 30 %`, for a table. */
export function airWords(air: AirSettings | null): string {
  return air === null ? 'private' : ['shared', ...conditions(air)].join(', ');
}

function conditions({ neighbours, hidden, slowStation, apQueue, aggregate }: AirSettings): string[] {
  return [
    ...(neighbours > 0 ? [`others take ${percent(neighbours)} of it`] : []),
    ...(hidden > 0 ? [`${percent(hidden)} of the pairs of boards do not hear each other`] : []),
    ...(slowStation ? ['the first board of each access point is at 1 Mbit/s'] : []),
    ...(apQueue === 'deep' ? [] : [`an access point holds ${plural(apQueue, 'packet')}`]),
    ...(aggregate ? ['an access point sends packets for one board together'] : []),
  ];
}

function needSentences(scenario: Scenario): string[] {
  const need = airNeed(scenario);
  if (need === null) return [];
  const { share, roundS } = need;
  if (share === null)
    return [
      `A short message from every board takes ${Number((roundS * 1000).toPrecision(2))} ms of ${ofWhose(scenario)}: that often it can be sent, at the very most.`,
    ];
  const words = `By arithmetic they need ${percent(share)} of ${ofWhose(scenario)}.`;
  return share <= MUCH_AIR ? [words] : [words, `WARNING: above ${percent(MUCH_AIR)} packets wait ever longer; ${remedy(scenario)}.`];
}

function ofWhose({ aps }: Scenario): string {
  return aps === 1 ? 'it' : 'the busiest channel';
}

/** More access points help as long as there are channels for them. */
function remedy(scenario: Scenario): string {
  const aps = CHANNEL_NUMBERS.map((_, index) => index + 1).find((more) => more > scenario.aps && needWith(scenario, more) <= MUCH_AIR);
  if (aps !== undefined) return `with ${aps} access points it would be ${percent(needWith(scenario, aps))}`;
  return 'fewer or rarer messages, or fewer boards, would need less';
}

function percent(share: number): string {
  return `${share < 0.1 ? Number((share * 100).toPrecision(2)) : Math.round(share * 100)} %`;
}
