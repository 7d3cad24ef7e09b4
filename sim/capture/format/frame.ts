/**
 * What a reader of captures tells of one packet, and how it says that a file goes on in a way that it cannot
 * read.
 */

/** One for all packets of a reader, with new values each time: whoever keeps something copies it. */
export interface CapturedFrame {
  /** The bytes of the packet, as far as they were captured, are those from `start` to `end`. */
  data: Buffer;
  start: number;
  end: number;
  linkType: number;
  /** In the order of their descriptions, over all sections of a file, from 0. */
  interface: number;
  /** Since 1970, µs; the one before, for a packet without time. */
  epochUs: number;
}

/** Reads whole pieces of a capture of one format. */
export interface FormatReader {
  /**
   * Takes the piece that begins at `at`. @returns how long it is; 0: it is not all there yet
   * @throws Damage
   */
  take(data: Buffer, at: number): number;
  /** Packets that the capturing side says it had no room for. */
  readonly dropped: number;
  /** Packets that came without a time. */
  readonly untimed: number;
}

/** The longest packet that Wireshark takes (WTAP_MAX_PACKET_SIZE_STANDARD), bytes. */
export const MAX_PACKET_BYTES = 262_144;
/** In the year 2255: a later time is a damaged one, and a sum of two would not be exact. */
const MAX_EPOCH_US = 9e15;

/** A piece of a file that is none. */
export class Damage extends Error {
  /** Completes "expected …". */
  readonly expected: string;

  constructor(expected: string) {
    super(expected);
    this.expected = expected;
  }
}

export function checkedTime(epochUs: number): number {
  if (epochUs >= 0 && epochUs <= MAX_EPOCH_US) return epochUs;
  throw new Damage('a packet with a time between 1970 and 2255');
}
