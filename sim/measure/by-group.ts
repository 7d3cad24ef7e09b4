/**
 * The metrics of each group of a fleet, as `recovery_ms.old`: measured as if its boards were all there are. A
 * group without boards has none.
 */
import type { WorldEvent } from '../kernel/events.ts';
import { Collector } from './collector.ts';
import { MEASURES } from './measures/index.ts';
import type { Measure, MeasureSettings, WorldTotals } from './measures/measure.ts';
import { type MetricName, metricNameOf } from './registry.ts';
import type { MetricValue } from './result.ts';

const OF_BOARDS = MEASURES.filter(({ ofWorld, metrics }: Measure) => ofWorld === undefined && Object.keys(metrics).length > 0);

/** Boards one after another. */
export interface MeasuredGroup {
  name: string;
  first: number;
  boards: { count: number };
}

interface Member {
  collector: Collector;
  group: MeasuredGroup;
}

export class ByGroup {
  private readonly groups: readonly MeasuredGroup[];
  private readonly members: readonly Member[];
  private readonly byBoard: readonly Member[];

  /** @param settings of all boards */
  constructor(groups: readonly MeasuredGroup[], settings: MeasureSettings) {
    this.groups = groups;
    const populated = groups.filter(({ boards }) => boards.count > 0);
    this.members = populated.map((group) => {
      const { first, boards } = group;
      const boardPingTimeoutsMs = settings.boardPingTimeoutsMs.slice(first, first + boards.count);
      return { group, collector: new Collector({ ...settings, boards: boards.count, boardPingTimeoutsMs }, OF_BOARDS) };
    });
    this.byBoard = this.members.flatMap((member) => new Array<Member>(member.group.boards.count).fill(member));
  }

  on(event: WorldEvent): void {
    if (event.board < 0) {
      for (const { collector } of this.members) collector.on(event);
      return;
    }
    const { collector, group } = this.byBoard[event.board];
    if (collector.heeds(event.code)) collector.on({ ...event, board: event.board - group.first });
  }

  /** @param totals what only the world can count, for each of the groups */
  finish(nowUs: number, totals: readonly WorldTotals[]): Record<string, MetricValue> {
    const named = this.members.flatMap(({ collector, group }) => {
      const { metrics } = collector.finish(nowUs, totals[this.groups.indexOf(group)]);
      return Object.entries(metrics).map(([metric, value]) => [metricNameOf({ metric: metric as MetricName, group: group.name }), value]);
    });
    return Object.fromEntries(named) as Record<string, MetricValue>;
  }
}
