/**
 * From the world's events to a run's results: each event goes to the measures that subscribed to it
 * (measures/), and nothing is kept of it.
 *
 * Everything freezes at `run.drain`, except what a measure says still counts then. Events that change a board
 * reach its `BoardView` first.
 */
import { boardId } from '../kernel/board-id.ts';
import { byCode, type EventName, type WorldEvent } from '../kernel/events.ts';
import { Distribution } from './distribution.ts';
import { BOARD_EVENTS } from './fleet/board-view.ts';
import { type Change, Fleet } from './fleet/fleet.ts';
import { MEASURES } from './measures/index.ts';
import type { Findings, Handler, Handlers, Measure, MeasureSettings, Measuring, Move, Turn, WorldTotals } from './measures/measure.ts';
import { METRIC_NAMES, type MetricName, metricNames } from './registry.ts';
import type { BoardResult, MetricValue, RunResult } from './result.ts';

export type { MeasureSettings, WorldTotals } from './measures/measure.ts';

export type Measurements = Findings &
  Pick<RunResult, 'boards' | 'histograms'> & {
    metrics: Record<MetricName, MetricValue>;
  };

const STILL_RUNNING = -1;

/**
 * Who measures an event, in the order of the measures, by the events' codes; null: the fleet need not hear of
 * it either.
 */
type Deliveries = readonly (readonly Handler[] | null)[];

export class Collector {
  private readonly fleet: Fleet;
  private readonly measuring: readonly Measuring[];
  private readonly values = {} as Record<MetricName, Record<string, number>>;
  private readonly distributions = {} as Record<MetricName, Distribution>;
  private readonly whenDraining: Deliveries;
  private deliveries: Deliveries;
  private readonly moves: { readonly [name in Move]: Handler };
  private endUs = STILL_RUNNING;

  /**
   * @param measures what is measured; left out: everything
   * @param fleet left out: its own; one that several share is told of each event by whoever tells them
   */
  constructor(settings: MeasureSettings, measures: readonly Measure[] = MEASURES, fleet = new Fleet(settings.boards)) {
    this.fleet = fleet;
    this.measuring = measures.map((measure) => this.begin(measure, settings));
    this.whenDraining = deliveriesOf(this.measuring.map(({ draining }) => draining));
    const handlers = this.measuring.map((one) => one.handlers);
    this.deliveries = deliveriesOf([this.own(), ...handlers]);
    this.moves = { 'board.joined': turnOf(handlers, 'board.joined'), 'board.left': turnOf(handlers, 'board.left') };
  }

  /** Boards whose channel carries data now, and channels that were lost and opened again so far. */
  progress(): { boardsOnline: number; reconnects: number } {
    const boardsOnline = this.fleet.boards.filter((board) => this.fleet.carries(board)).length;
    return { boardsOnline, reconnects: this.distributions.reconnect_ms.count };
  }

  /** Counted messages and broadcasts that may still arrive; 0 ends the drain early. */
  pendingDeliveries(): number {
    return this.fleet.awaited.count;
  }

  /** Whether anything is done with events of this code. */
  heeds(code: number): boolean {
    return this.deliveries[code] !== null;
  }

  on(event: WorldEvent): void {
    if (this.heeds(event.code)) this.tell(event, this.fleet.take(event));
  }

  /** @param change what the event was to the fleet */
  tell(event: WorldEvent, change: Change): void {
    const handlers = this.deliveries[event.code];
    if (handlers === null) return;
    for (let index = 0; index < handlers.length; index++) handlers[index](event, change);
  }

  /** A board comes into the group that is measured here, or leaves it, by this event. */
  move(how: Move, event: WorldEvent, change: Change): void {
    if (this.endUs === STILL_RUNNING) this.moves[how](event, change);
  }

  /** @param nowUs the end of a run that was interrupted before its `run.drain` */
  finish(nowUs: number, totals: WorldTotals): Measurements {
    if (this.endUs === STILL_RUNNING) this.endUs = nowUs;
    const { endUs } = this;
    const findings = Object.assign({}, ...this.measuring.map((one) => one.finish?.(endUs, totals))) as Findings;
    return {
      ...findings,
      metrics: this.metrics(),
      boards: this.fleet.boards.map((_, index) => this.boardResult(index)),
      histograms: Object.fromEntries(
        metricNames('distribution')
          .filter((name) => Object.hasOwn(this.distributions, name))
          .map((name) => [name, this.distributions[name].bins()]),
      ),
    };
  }

  /** The state that no one measure owns. */
  private own(): Handlers {
    return {
      'relay.down': ({ atUs }) => this.fleet.setRelay(false, atUs),
      'relay.up': ({ atUs }) => this.fleet.setRelay(true, atUs),
      'run.drain': ({ atUs }) => {
        this.endUs = atUs;
        this.deliveries = this.whenDraining;
      },
    };
  }

  private begin({ metrics, create }: Measure, settings: MeasureSettings): Measuring {
    const values: Record<string, number> = {};
    const distributions: Record<string, Distribution> = {};
    for (const name of Object.keys(metrics) as MetricName[]) {
      if (metrics[name].kind === 'distribution') distributions[name] = this.distributions[name] = new Distribution();
      else {
        values[name] = 0;
        this.values[name] = values;
      }
    }
    return create({ values, distributions, fleet: this.fleet, settings });
  }

  private metrics(): Record<MetricName, MetricValue> {
    const finalValue = (name: MetricName) => this.distributions[name]?.summary() ?? this.values[name][name];
    const measured = METRIC_NAMES.filter((name) => Object.hasOwn(this.distributions, name) || Object.hasOwn(this.values, name));
    return Object.fromEntries(measured.map((name) => [name, finalValue(name)])) as Record<MetricName, MetricValue>;
  }

  private boardResult(index: number): BoardResult {
    const parts = this.measuring.map((one) => one.boardResult?.(index, this.endUs));
    return Object.assign({ id: boardId(index) }, ...parts) as BoardResult;
  }
}

function handlersOf(all: readonly (Handlers | undefined)[], name: EventName | Turn): Handler[] {
  return all.flatMap((handlers) => handlers?.[name] ?? []);
}

function turnOf(all: readonly (Handlers | undefined)[], name: Turn): Handler {
  return inTurn(handlersOf(all, name));
}

/** An event that changes boards is delivered also when nobody measures it. */
function deliveriesOf(all: readonly (Handlers | undefined)[]): Deliveries {
  const of = (name: EventName | Turn): Handler[] => handlersOf(all, name);
  const lost = of('board.lost');
  const turns: { [name in EventName]?: readonly Handler[] } = {
    'channel.state': [turnOfChannel(inTurn(of('channel.opened')), inTurn(of('channel.lost')), inTurn(of('attempt.failed')))],
    'board.boot': [afterTheFirst(inTurn(lost))],
    'board.off': lost,
    'board.ended': lost,
  };
  return byCode((name) => {
    const handlers = [...of(name), ...(turns[name] ?? [])];
    return BOARD_EVENTS.includes(name) || handlers.length > 0 ? handlers : null;
  }, null);
}

/** A board that boots again has lost what it had. */
function afterTheFirst(lost: Handler): Handler {
  return (event, change) => {
    if (event.value > 1) lost(event, change);
  };
}

function turnOfChannel(opened: Handler, lost: Handler, failed: Handler): Handler {
  return (event, change) => {
    if (change.channelWasOpen) lost(event, change);
    else if (change.board.channel === 'open') opened(event, change);
    else if (event.detail !== '') failed(event, change);
  };
}

function inTurn(handlers: readonly Handler[]): Handler {
  return (event, change) => {
    for (const handler of handlers) handler(event, change);
  };
}
