/** One run of a cell: the traffic, the window in which it is measured, and the figures. */
import type { Radio } from '../../net/wifi/air/radio.ts';
import { Cell, type CellConditions } from './cell.ts';
import type { Flows, Span, Traffic } from './traffic.ts';

/** Traffic goes on for so long after the window; and what is on its way then has so long to arrive, µs. */
const AFTER_US = 500_000;
const DRAIN_US = 4_000_000;

/** Tries, and those of them that failed. */
export interface Tries {
  attempts: number;
  failures: number;
}

export interface CellFigures {
  windowUs: number;
  busyUs: number;
  boards: Tries;
  accessPoint: Tries;
  flows: Flows;
}

/** @param fromUs when the window begins, after the traffic has settled */
export async function runCell(
  conditions: CellConditions,
  seed: number,
  fromUs: number,
  windowUs: number,
  trafficOf: (span: Span) => Traffic,
): Promise<CellFigures> {
  const untilUs = fromUs + windowUs;
  const traffic = trafficOf({ fromUs, untilUs, endUs: untilUs + AFTER_US });
  const cell = new Cell(conditions, seed, (board) => traffic.endsOf(board));
  traffic.begin(cell);
  await cell.kernel.run(fromUs);
  const before = snapshot(cell);
  await cell.kernel.run(untilUs);
  const after = snapshot(cell);
  await cell.kernel.run(untilUs + AFTER_US + DRAIN_US);
  return {
    windowUs,
    busyUs: after.busyUs - before.busyUs,
    boards: difference(after.boards, before.boards),
    accessPoint: difference(after.accessPoint, before.accessPoint),
    flows: traffic.flows,
  };
}

function snapshot({ medium, boards, bss }: Cell) {
  return { busyUs: medium.busyUs, boards: triesOf(boards.map(({ radio }) => radio)), accessPoint: triesOf([bss.radio]) };
}

function triesOf(radios: readonly Radio[]): Tries {
  const tries = { attempts: 0, failures: 0 };
  for (const { attempts, failures } of radios) {
    tries.attempts += attempts;
    tries.failures += failures;
  }
  return tries;
}

function difference(after: Tries, before: Tries): Tries {
  return { attempts: after.attempts - before.attempts, failures: after.failures - before.failures };
}
