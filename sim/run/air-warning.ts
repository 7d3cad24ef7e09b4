/** In plain words: that the air, and not the loss, is what hurt. */
import { formatMs, plural } from 'host/format';
import type { AirOverTime } from '../measure/result.ts';
import { airNeed, MUCH_AIR } from '../scenario/air-need.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** A burst fills the air for a moment and hurts nobody. */
const MOMENT_MS = 3_000;

/** @returns null when no access point had more to send than the air took */
export function airWarning(scenario: Scenario, { accessPoints }: AirOverTime): string | null {
  const full = accessPoints.filter(({ fullMs }) => fullMs >= MOMENT_MS).sort((a, b) => b.fullMs - a.fullMs);
  if (full.length === 0) return null;
  const [worst, ...others] = full;
  const more = others.length === 0 ? '' : ` (and of ${plural(others.length, 'more access point')})`;
  return `the air of ${worst.id} was full for ${formatMs(worst.fullMs)}${more}: ${why(scenario)}`;
}

function why(scenario: Scenario): string {
  const { boards, relay, aps } = scenario;
  const share = airNeed(scenario)?.share ?? null;
  const channel = aps === 1 ? 'one channel' : 'the busiest channel';
  if (share === null) return `more was to be sent than ${channel} carries`;
  const who = `${plural(boards.count, 'board')} ${relay.mode === 'echo' ? 'and their echoes' : 'broadcasting'} need`;
  if (share > 1) return `${who} ${share.toFixed(1)} times what ${channel} has`;
  const words = `${who} ${percent(share)} of what ${channel} has`;
  const others = Math.max(
    0,
    ...scenario.steps.flatMap(({ parameters: { neighbours } }) => (typeof neighbours === 'number' ? [neighbours] : [])),
  );
  if (others > (scenario.air?.neighbours ?? 0)) return `${words}, and others took up to ${percent(others)} of it`;
  return share > MUCH_AIR ? `${words}, so queues grow` : `${words}, and more came at once`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
