/**
 * A fleet as its groups, one after another by the indices of their boards. One whose boards are all alike is
 * a single group.
 */
import type { FleetGroup, Scenario } from './scenario.ts';

type Fleet = Pick<Scenario, 'fleet' | 'boards' | 'link'>;

export function groupsOf({ fleet, boards, link }: Fleet): readonly FleetGroup[] {
  return fleet.length > 0 ? fleet : [{ name: '', size: null, first: 0, boards, link, ap: null }];
}

/** By board index. */
export function groupByBoard(fleet: Fleet): FleetGroup[] {
  return groupsOf(fleet).flatMap((group) => new Array<FleetGroup>(group.boards.count).fill(group));
}

/** The path of each group's program. */
export function programsOf(fleet: Fleet): string[] {
  return groupsOf(fleet).map(({ boards }) => boards.firmware);
}

/** Indices of a group's boards, ascending; empty also when there is no such group. */
export function membersOf(groups: readonly FleetGroup[], name: string): number[] {
  const group = groups.find((one) => one.name === name);
  return group === undefined ? [] : Array.from({ length: group.boards.count }, (_, index) => group.first + index);
}
