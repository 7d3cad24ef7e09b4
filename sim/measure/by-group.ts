/**
 * The metrics of each group of a fleet, as `recovery_ms.old`: measured as if its boards were all there are. A
 * group that never had a board has none.
 *
 * The one owner of which group a board counts for: the one whose firmware it runs. It changes by
 * `board.update`, so the reboot before it is the old group's still. All groups look at the same fleet.
 */
import { EVENT_CODES, type WorldEvent } from '../kernel/events.ts';
import { Collector } from './collector.ts';
import { type Change, Fleet } from './fleet/fleet.ts';
import { MEASURES } from './measures/index.ts';
import type { Measure, MeasureSettings, WorldTotals } from './measures/measure.ts';
import { type MetricName, metricNameOf } from './registry.ts';
import type { MetricValue } from './result.ts';

const OF_BOARDS = MEASURES.filter(({ ofWorld, metrics }: Measure) => ofWorld === undefined && Object.keys(metrics).length > 0);
const UPDATE = EVENT_CODES.get('board.update');
const UPDATE_BEGUN = EVENT_CODES.get('update.begun');

/** Boards one after another, to begin with. */
export interface MeasuredGroup {
  name: string;
  boards: { count: number; config: { keepalive: { ping_timeout_ms: number } } };
}

interface Member {
  collector: Collector;
  name: string;
  /** Boards that belong, or belonged, to it. */
  everHad: boolean;
  /** Timers that ran on boards that have left, while they belonged to it. */
  leftTimers: number;
}

export class ByGroup {
  private readonly fleet: Fleet;
  private readonly members: readonly Member[];
  private readonly byBoard: Member[];
  private readonly moves: { board: number; atUs: number; from: string }[] = [];
  private readonly timersRun: (board: number) => number;
  /** By board: how many of its timers had run when it came into its group. */
  private readonly timersBefore: Float64Array;

  /**
   * @param settings of all boards
   * @param timersRun timers of firmware that have run on a board so far
   */
  constructor(groups: readonly MeasuredGroup[], settings: MeasureSettings, timersRun: (board: number) => number) {
    const fleet = new Fleet(settings.boards);
    this.fleet = fleet;
    this.timersRun = timersRun;
    this.timersBefore = new Float64Array(settings.boards);
    this.members = groups.map(({ name, boards }) => {
      const boardPingTimeoutsMs = new Array<number>(settings.boards).fill(boards.config.keepalive.ping_timeout_ms);
      const collector = new Collector({ ...settings, boardPingTimeoutsMs }, OF_BOARDS, fleet);
      return { name, collector, everHad: boards.count > 0, leftTimers: 0 };
    });
    this.byBoard = groups.flatMap(({ boards }, index) => new Array<Member>(boards.count).fill(this.members[index]));
  }

  /** The group that a board belonged to at that time. */
  groupAt(board: number, atUs: number): string {
    const since = this.moves.filter((move) => move.board === board && move.atUs > atUs);
    return since.length > 0 ? since[0].from : this.byBoard[board].name;
  }

  get hasMoves(): boolean {
    return this.moves.length > 0;
  }

  /** Indices of its boards now, ascending. */
  boardsOf(group: string): number[] {
    return this.byBoard.flatMap(({ name }, index) => (name === group ? [index] : []));
  }

  on(event: WorldEvent): void {
    const { board } = event;
    if (board >= 0 && !this.byBoard[board].collector.heeds(event.code) && event.code !== UPDATE) return;
    const change = this.fleet.take(event);
    // Where it was begun is not where it ends.
    if (board < 0 || event.code === UPDATE_BEGUN) for (const { collector } of this.members) collector.tell(event, change);
    else this.byBoard[board].collector.tell(event, change);
    if (event.code === UPDATE) this.move(event, change);
  }

  /**
   * What only the world can count, for each group: what boards meter all the time, for the one in which they
   * are now. @param of the same of these boards
   */
  totals(of: (boards: readonly number[]) => WorldTotals): WorldTotals[] {
    return this.members.map(({ name, leftTimers }) => {
      const boards = this.boardsOf(name);
      const ranHere = boards.reduce((sum, board) => sum + this.timersRun(board) - this.timersBefore[board], 0);
      return { ...of(boards), timersRun: leftTimers + ranHere };
    });
  }

  /** @param totals as of the end of the measured time */
  finish(nowUs: number, totals: readonly WorldTotals[]): Record<string, MetricValue> {
    const named = this.members.flatMap(({ collector, name, everHad }, index) => {
      if (!everHad) return [];
      const { metrics } = collector.finish(nowUs, totals[index]);
      return Object.entries(metrics).map(([metric, value]) => [metricNameOf({ metric: metric as MetricName, group: name }), value]);
    });
    return Object.fromEntries(named) as Record<string, MetricValue>;
  }

  private move(event: WorldEvent, change: Change): void {
    const { board, subject: group } = event;
    const next = this.members.find(({ name }) => name === group);
    if (next === undefined || next === this.byBoard[board]) return;
    this.moves.push({ board, atUs: event.atUs, from: this.byBoard[board].name });
    const timers = this.timersRun(board);
    this.byBoard[board].collector.move('board.left', event, change);
    this.byBoard[board].leftTimers += timers - this.timersBefore[board];
    this.timersBefore[board] = timers;
    this.byBoard[board] = next;
    next.everHad = true;
    next.collector.move('board.joined', event, change);
  }
}
