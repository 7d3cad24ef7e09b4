/**
 * How many boards one access point bears: the number at which the copies of the SOS fleet wait 0.2 s on
 * average, or one in twenty is lost.
 */
import { CW_MAX } from '../../net/wifi/air/edca.ts';
import { MCS_7 } from '../../net/wifi/air/phy.ts';
import type { QueueSettings } from '../../net/wifi/air/transmit-queue.ts';
import { figuresOf } from './figures.ts';
import { MAC_QUEUE, publishedPhase } from './measured.ts';
import { runCell } from './run-cell.ts';
import { SOS_PERIOD_US, SOS_SIZES, SosFleet } from './traffic.ts';

/** Between these it is looked for. */
const FEWEST = 20;
const MOST = 200;
const DELAY_MS = 200;
const LOSS = 0.05;
/** Two periods: past the collapse delays grow with time. */
const WINDOW_US = 2 * SOS_PERIOD_US;
const TRIES = 7;

/** @returns boards; null when it is none of those looked at */
export async function collapse(queue: QueueSettings, seeds: readonly number[]): Promise<number | null> {
  let bears = FEWEST;
  let collapses = MOST;
  while (collapses - bears > 1) {
    const boards = Math.floor((bears + collapses) / 2);
    if (await collapsesAt(boards, queue, seeds)) collapses = boards;
    else bears = boards;
  }
  return collapses === MOST ? null : collapses;
}

async function collapsesAt(stations: number, queue: QueueSettings, seeds: readonly number[]): Promise<boolean> {
  const conditions = {
    stations,
    rate: MCS_7,
    slow: null,
    boardTries: TRIES,
    boardQueue: MAC_QUEUE,
    accessPointTries: TRIES,
    accessPointCwMax: CW_MAX,
    accessPointQueue: queue,
    aggregate: false,
    neighbours: 0,
    hiddenHalves: false,
  };
  const runs = [];
  for (const seed of seeds) {
    const phases = Array.from({ length: stations }, (_, board) => publishedPhase(seed, board));
    runs.push(
      await runCell(conditions, seed, SOS_PERIOD_US, WINDOW_US, (span) => new SosFleet(span, { ...SOS_SIZES, ackEach: true, phases })),
    );
  }
  const { downMs, loss } = figuresOf(runs);
  return (downMs.mean ?? 0) >= DELAY_MS || (loss ?? 0) >= LOSS;
}
