/** What can be said of an air that boards share, and what it is when nobody says anything. */
import { decimal, type Field, whole, yesNo } from '../../../kernel/fields.ts';
import { type BssSettings, LINUX_ACCESS_POINT } from './bss.ts';
import { LINUX_QUEUE, plainQueue } from './queues.ts';

/** As deep as the queue of an access point under Linux is (queues.ts). */
const DEEP = 'deep';

export interface AirSettings {
  /** Share of the air of each channel that somebody else's networks take, 0 to MAX_NEIGHBOURS. */
  neighbours: number;
  /** Share of the pairs of boards that do not hear each other, 0 to 1. */
  hidden: number;
  /** The first board of each access point has a signal for the slowest rate alone, 1 Mbit/s. */
  slowStation: boolean;
  /**
   * Packets that wait at an access point, first in, first out; `deep`: as under Linux, where each station's
   * wait by themselves.
   */
  apQueue: number | typeof DEEP;
  /** Whether access points send what waits for one board in one frame (A-MPDU). */
  aggregate: boolean;
}

/** Beyond it nothing of a channel is left that could be measured: what others send waits for itself. */
const MAX_NEIGHBOURS = 0.9;
const MAX_QUEUE_PACKETS = 10_000;
/** Who hears whom is drawn for each pair. */
export const MAX_HIDDEN_BOARDS = 1_000;

const queueSize = whole(1, MAX_QUEUE_PACKETS);

export const AIR_FIELDS = {
  neighbours: { ...decimal(0, MAX_NEIGHBOURS), expected: `a share of the air from 0 to ${MAX_NEIGHBOURS} (30 % is 0.3)` },
  hidden: decimal(0, 1),
  slow_station: yesNo(),
  ap_queue: {
    expected: `${queueSize.expected} packets, or ${DEEP}`,
    read: (value) => (value === DEEP ? DEEP : queueSize.read(value)),
    write: (value) => value,
    jsonSchema: { anyOf: [queueSize.jsonSchema, { const: DEEP }] },
  } satisfies Field<number | typeof DEEP> as Field<number | typeof DEEP, number | typeof DEEP>,
  aggregate: yesNo(),
};

export const DEFAULT_AIR: Readonly<AirSettings> = { neighbours: 0, hidden: 0, slowStation: false, apQueue: DEEP, aggregate: false };

/** The radio of an access point. */
export function accessPointSettings({ apQueue, aggregate }: AirSettings): BssSettings {
  return { ...LINUX_ACCESS_POINT, queue: apQueue === DEEP ? LINUX_QUEUE : plainQueue(apQueue), aggregate };
}
