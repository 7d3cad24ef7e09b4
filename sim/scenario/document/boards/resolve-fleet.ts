/**
 * The groups of a document's fleet: how many boards each has, and what these are like, with what it does not
 * say taken from `boards:` and `link:`.
 */
import { plural } from 'host/format';
import { METRIC_NAMES } from '../../../measure/registry.ts';
import { changedLink, DEFAULT_LINK, linkSettings } from '../../../net/link/settings.ts';
import type { FleetGroup, TlsMode } from '../../scenario.ts';
import { DEFAULTS, GROUP_NAME, type GroupDocument, MAX_BOARDS, MAX_GROUPS, type ScenarioDocument } from '../../settings.ts';
import type { Problem } from '../problem.ts';
import { resolveBoards } from './resolve-boards.ts';

export interface ResolvedFleet {
  /** Of all boards. */
  count: number;
  fleet: FleetGroup[];
  problems: Problem[];
}

/** Shares that come to 1 but for binary fractions, of the largest fleet. */
const ROUNDING = 1e-6;
const NAME = new RegExp(`^${GROUP_NAME}$`);
/** Words of targets. */
const TAKEN = ['all', 'of'];

/** @param isBaseWrong something is wrong with `boards:` already, which groups are not to blame for */
export function resolveFleet(document: ScenarioDocument, tls: TlsMode, isBaseWrong: boolean): ResolvedFleet {
  const entries = Object.entries(document.fleet ?? {});
  const { count, sizes, problems } = sizesOf(entries, document.boards?.count);
  if (entries.length > MAX_GROUPS) problems.push({ path: ['fleet'], message: `${entries.length} groups: expected at most ${MAX_GROUPS}` });
  const link = { ...DEFAULT_LINK, ...linkSettings(document.link ?? {}) };
  const { SSID: network } = resolveBoards([document.boards ?? {}], tls).boards.config.wifi;
  const fleet = entries.map(([name, group], index): FleetGroup => {
    const report = (path: (string | number)[], message: string) => problems.push({ path: ['fleet', name, ...path], message });
    const nameProblem = problemOfName(name);
    if (nameProblem !== null) problems.push({ path: ['fleet', name], message: nameProblem, isKey: true });
    const { count: own, share, ap = null, link: ownLink = {}, ...device } = group;
    const resolved = resolveBoards([document.boards ?? {}, device], tls);
    for (const problem of resolved.problems) {
      const isOwn = Object.hasOwn(group, problem.path[0]);
      if (isOwn || !isBaseWrong) problems.push({ ...problem, path: ['fleet', name, ...problem.path] });
    }
    const { SSID } = resolved.boards.config.wifi;
    if (SSID !== network) report(['config', 'wifi', 'SSID'], `there is one network, which boards.config calls ${JSON.stringify(network)}`);
    return {
      name,
      size: own !== undefined ? { count: own } : share !== undefined ? { share } : null,
      first: sizes.slice(0, index).reduce((sum, size) => sum + size, 0),
      boards: { ...resolved.boards, count: sizes[index] },
      link: changedLink(link, linkSettings(ownLink)),
      ap,
    };
  });
  return { count, fleet, problems };
}

/** By rounding where a group ends: when a share changes, only boards at its ends change their group. */
function sizesOf(entries: readonly (readonly [string, GroupDocument])[], all: number | undefined) {
  const problems: Problem[] = [];
  const counted = entries.reduce((sum, [, { count = 0 }]) => sum + count, 0);
  const count = all ?? (entries.length > 0 && entries.every(([, group]) => group.count !== undefined) ? counted : DEFAULTS.boards.count);
  for (const [name, group] of entries)
    if (group.count !== undefined && group.share !== undefined)
      problems.push({ path: ['fleet', name, 'share'], message: 'another way to say count, which is given too' });
  const asked = entries.map(([, group]) => group.count ?? (group.share === undefined ? null : group.share * count));
  const said = asked.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const others = asked.filter((one) => one === null).length;
  const problem = sumProblem(entries.length, said, count, others);
  if (problem !== null && problems.length === 0) problems.push({ path: ['fleet'], message: problem });
  let end = 0;
  const sizes = asked.map((one) => {
    const begin = Math.round(end);
    end += one ?? (count - said) / others;
    return Math.max(0, Math.round(end) - begin);
  });
  return { count, sizes, problems };
}

function sumProblem(groups: number, said: number, count: number, others: number): string | null {
  if (groups === 0) return null;
  const sum = `its groups come to ${plural(Number(said.toFixed(2)), 'board')} of ${count}`;
  if (count < 1 || count > MAX_BOARDS) return `${sum}: expected 1 to ${MAX_BOARDS} boards`;
  if (said > count + ROUNDING) return `${sum} (boards.count)`;
  if (others > 0 || said > count - ROUNDING) return null;
  return `${sum} (boards.count): expected shares that come to 1, or a group without count and share, which takes the rest`;
}

function problemOfName(name: string): string | null {
  if (!NAME.test(name) || TAKEN.includes(name))
    return `expected a name of 1 to 32 letters, digits or "_" for a group, beginning with a letter, and not ${TAKEN.join(' or ')}`;
  const metric = METRIC_NAMES.find((one) => one.endsWith(`.${name}`));
  return metric === undefined ? null : `expected another name for a group: ${metric} is a metric of all boards`;
}
