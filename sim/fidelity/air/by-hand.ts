/** One condition of the user's own: the model's figures for it, over several runs as if they were one. */
import { BITS_PER_BYTE } from 'host/units';
import { US_PER_MS } from '../../kernel/units.ts';
import { ACCESS_POINT_TRIES } from '../../net/rules/mac-retries.ts';
import { CW_MAX } from '../../net/wifi/air/edca.ts';
import type { PhyRate } from '../../net/wifi/air/phy.ts';
import { LINUX_QUEUE } from '../../net/wifi/air/queues.ts';
import { rounded } from '../by-hand.ts';
import type { CellConditions } from './cell.ts';
import { type Delay, figuresOf } from './figures.ts';
import { DEEP_QUEUE, MAC_QUEUE, publishedPhase, SATURATED_QUEUE } from './measured.ts';
import { type CellFigures, runCell } from './run-cell.ts';
import { Saturated, SOS_PERIOD_US, SOS_SIZES, SosFleet, type Span, type Traffic, UDP_HEADER_BYTES } from './traffic.ts';

/**
 * What waits at the access point, by its name on the command line: as under Linux; as in the measurement; or
 * as there without what comes before 500 packets.
 */
export const ACCESS_POINT_QUEUES = { linux: LINUX_QUEUE, deep: DEEP_QUEUE, '500': MAC_QUEUE } as const;

export interface AirConditions {
  stations: number;
  traffic: 'sos' | 'saturated';
  /**
   * UDP payload of what boards send, bytes; a copy is as much longer as in the measurement. Absent: as in the
   * measurement.
   */
  payloadBytes: number | undefined;
  rate: PhyRate;
  slow: PhyRate | null;
  neighbours: number;
  aggregate: boolean;
  queue: keyof typeof ACCESS_POINT_QUEUES;
  boardTries: number;
  ackEach: boolean;
}

export interface AirResult {
  /** Payload that arrived, both ways together. */
  goodput_bps: number | null;
  collision_share: number | null;
  delay_up_ms: Delay;
  delay_down_ms: Delay;
  loss: number | null;
  busy: number | null;
}

const SOS_PAYLOAD_BYTES = SOS_SIZES.messageBytes - UDP_HEADER_BYTES;
const SATURATED_PAYLOAD_BYTES = 100;
/** What the relay writes before a message in its copies. */
const COPY_EXTRA_BYTES = SOS_SIZES.copyBytes - SOS_SIZES.messageBytes;

export async function airResult(conditions: AirConditions, seeds: readonly number[], durationMs: number): Promise<AirResult> {
  const payloadBytes = conditions.payloadBytes ?? (conditions.traffic === 'sos' ? SOS_PAYLOAD_BYTES : SATURATED_PAYLOAD_BYTES);
  const runs: CellFigures[] = [];
  for (const seed of seeds) {
    const trafficOf = (span: Span) => trafficAs(conditions, payloadBytes, seed, span);
    runs.push(await runCell(cellOf(conditions), seed, SOS_PERIOD_US, durationMs * US_PER_MS, trafficOf));
  }
  const { upPerS, downPerS, fail, upMs, downMs, loss, busy } = figuresOf(runs);
  return {
    goodput_bps: rounded((upPerS * payloadBytes + downPerS * (payloadBytes + COPY_EXTRA_BYTES)) * BITS_PER_BYTE),
    collision_share: rounded(fail),
    delay_up_ms: roundedDelay(upMs),
    delay_down_ms: roundedDelay(downMs),
    loss: rounded(loss),
    busy: rounded(busy),
  };
}

function cellOf({ stations, traffic, rate, slow, neighbours, aggregate, queue, boardTries }: AirConditions): CellConditions {
  return {
    stations,
    rate,
    slow,
    boardTries,
    boardQueue: traffic === 'saturated' ? SATURATED_QUEUE : MAC_QUEUE,
    accessPointTries: ACCESS_POINT_TRIES,
    accessPointCwMax: CW_MAX,
    accessPointQueue: ACCESS_POINT_QUEUES[queue],
    aggregate,
    neighbours,
    hiddenHalves: false,
  };
}

function trafficAs({ traffic, stations, ackEach }: AirConditions, payloadBytes: number, seed: number, span: Span): Traffic {
  if (traffic === 'saturated') return new Saturated(span, payloadBytes);
  return new SosFleet(span, {
    messageBytes: payloadBytes + UDP_HEADER_BYTES,
    copyBytes: payloadBytes + UDP_HEADER_BYTES + COPY_EXTRA_BYTES,
    ackBytes: SOS_SIZES.ackBytes,
    ackEach,
    phases: Array.from({ length: stations }, (_, board) => publishedPhase(seed, board)),
  });
}

function roundedDelay({ mean, p50, p90, p99 }: Delay): Delay {
  return { mean: rounded(mean), p50: rounded(p50), p90: rounded(p90), p99: rounded(p99) };
}
