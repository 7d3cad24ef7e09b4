/**
 * Access points and their air: what a document says of them, with the gaps filled, and what only makes sense
 * together with the boards.
 */
import { plural } from 'host/format';
import { MAX_HIDDEN_BOARDS } from '../../net/wifi/air/settings.ts';
import type { AirSettings, FleetGroup } from '../scenario.ts';
import { DEFAULTS, MAX_APS, MAX_BOARDS_PER_AP, type ScenarioDocument } from '../settings.ts';
import type { Problem } from './problem.ts';

export interface ResolvedAir {
  aps: number;
  air: AirSettings | null;
  problems: Problem[];
}

export function resolveAir(document: ScenarioDocument, fleet: readonly FleetGroup[] = []): ResolvedAir {
  const { count = DEFAULTS.boards.count, per_ap: perAp } = document.boards ?? {};
  const aps = document.aps ?? (perAp === undefined ? DEFAULTS.aps : Math.ceil(count / perAp));
  const { medium, ...shared } = { ...DEFAULTS.air, ...document.air };
  const problems: Problem[] = [];
  const report = (path: string[], message: string) => problems.push({ path, message });
  if (document.aps !== undefined && perAp !== undefined) report(['boards', 'per_ap'], 'another way to say aps, which is given too');
  else if (aps > MAX_APS)
    report(['boards', 'per_ap'], `${plural(count, 'board')} would take ${aps} access points: expected at most ${MAX_APS}`);
  for (const { name, ap } of fleet)
    if (ap !== null && ap > aps)
      report(['fleet', name, 'ap'], `there is no access point ${ap}: the scenario has ${aps === 1 ? 'one' : `1 to ${aps}`} (aps)`);
  if (medium === 'private') {
    const idle = Object.keys(document.air ?? {}).find((key) => key !== 'medium');
    if (idle !== undefined) report(['air', idle], 'each board has an air of its own (air: private), so this would change nothing');
    return { aps, air: null, problems };
  }
  const most = mostOnOne(count, aps, fleet);
  if (most > MAX_BOARDS_PER_AP) {
    const named = fleet.find(({ ap }) => ap !== null);
    const enough = Math.ceil(count / MAX_BOARDS_PER_AP);
    report(
      named !== undefined ? ['fleet', named.name, 'ap'] : document.aps === undefined ? ['boards', 'count'] : ['aps'],
      `${most} boards on one access point: it associates at most ${MAX_BOARDS_PER_AP}; expected aps of ${enough} or more, or air: private`,
    );
  }
  if (shared.hidden > 0 && count > MAX_HIDDEN_BOARDS) report(['air', 'hidden'], `expected at most ${MAX_HIDDEN_BOARDS} boards with it`);
  const { neighbours, hidden, slow_station, ap_queue, aggregate } = shared;
  return { aps, air: { neighbours, hidden, slowStation: slow_station, apQueue: ap_queue, aggregate }, problems };
}

/** Boards of the access point that has most of them. */
function mostOnOne(boards: number, aps: number, fleet: readonly FleetGroup[]): number {
  if (fleet.every(({ ap }) => ap === null)) return Math.ceil(boards / aps);
  const onEach = new Array<number>(aps).fill(0);
  fleet
    .flatMap(({ ap, boards: { count } }) => new Array<number | null>(count).fill(ap))
    .forEach((ap, index) => {
      onEach[ap === null || ap > aps ? index % aps : ap - 1]++;
    });
  return Math.max(...onEach);
}
