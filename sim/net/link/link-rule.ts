/**
 * What the kit knows of a kind of fault on a link: its settings, and what it does at these settings.
 * Documents, flags, the plan in words, the fuzzer, the proxy and the docs are made from it. A new one is a
 * file in rules/ and a line in its index.
 */
import type { Draw } from '../../kernel/draw.ts';
import type { Field } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import type { AirConditions } from '../wifi/medium.ts';
import type { RadioParameters } from '../wifi/parameters.ts';
import type { Packet, Way } from '../wire/packet.ts';
import type { Part } from './direction.ts';

/** What a rule puts on each way; null: nothing. */
export type Ways = Readonly<Record<Way, Part | null>>;

/**
 * The places along each way, in the order in which a packet passes them; rules at the same place are met in
 * the order of the index. At `air` is the medium, if the access point has one that its stations share. A
 * board in power save is the first to know that it sends, and its access point the last to hold what comes.
 */
export const PLACES = {
  up: ['board', 'air', 'queue', 'loss', 'delay', 'receiver', 'relay'],
  down: ['relay', 'queue', 'loss', 'delay', 'board', 'air', 'receiver'],
} as const satisfies Record<Way, readonly string[]>;

/** Where each way leads, for sentences. */
const WAY_WORDS = { up: 'up, to the relay', down: 'down, to the board' } as const satisfies Record<Way, string>;

export interface LinkSetting<T> {
  /** As documents name it. */
  key: string;
  /** As command lines name it, and documents with underscores; left out: it has no flag. */
  flag?: string;
  /** One sentence without its end, with the unit if the value has none. */
  about: string;
  field: Field<T>;
  /** Left out: it need not be set. */
  default?: T;
  /**
   * What a fuzzed link has, as documents write it; undefined: it is not set. Left out: the fuzzer does not
   * touch it.
   */
  draw?(draw: Draw): unknown;
}

/** Of fuzzed links to have a way that differs from the other in one setting. */
const ONE_WAY_CHANCE = 0.1;

/** A setting of each way, for one of them in its place. */
export function onOneWay<W extends Way, K extends string, F extends string, T>(
  way: W,
  { key, flag, field, draw: drawn }: LinkSetting<T> & { key: K; flag: F },
) {
  return {
    key: `${key}_${way}`,
    flag: `${flag}-${way}`,
    about: `In place of ${key} on the way ${WAY_WORDS[way]}`,
    field,
    draw: (draw: Draw) => (draw.chance(ONE_WAY_CHANCE) ? drawn?.(draw) : undefined),
  } as { key: `${K}_${W}`; flag: `${F}-${W}`; about: string; field: Field<T>; draw(draw: Draw): unknown };
}

/** What the settings say, if there is anything to say. */
export interface RuleWords {
  /** A line of a table: `Packet loss`, `10%, bursts of 3`. */
  label: string;
  value: string;
  /** Follows "the link": `loses 10% of the packets each way`. */
  clause: string;
}

/** What a link gives to its rules. */
export interface RuleParts {
  nowUs: number;
  timeline: Timeline;
  /** The link's frames go over an air that it shares, where rules with an `air` are not asked. */
  sharesAir: boolean;
  /** The board's. */
  radio: RadioParameters;
  /** The link's own stream of that name, the same one each time. */
  stream(purpose: string): RandomStream;
  /** A NAT on the path has forgotten this flow, that long ago, µs. */
  onForgotten(flow: number, forUs: number): void;
  /** Whether who sends on a way wants its packets whole (DF) or not at all. */
  dontFragment: Readonly<Record<Way, boolean>>;
  /** A router on the path has dropped a packet that is larger than `mtuBytes`, and tells its sender. */
  onTooBig(packet: Packet, way: Way, mtuBytes: number): void;
}

/** By the settings that it reads, its own and others'. */
export interface LinkRule<Reads, Made extends Ways = Ways> {
  place: (typeof PLACES)[Way][number];
  /** Its own settings, by their names in LinkSettings. */
  settings: { readonly [Name in keyof Reads]?: LinkSetting<NonNullable<Reads[Name]>> };
  /** The share of fuzzed links that have this fault at all; left out: its settings decide. */
  drawn?: number;
  describe(settings: Reads): RuleWords | null;
  /**
   * Called at each change of settings.
   * @param previous what it made last on this link, for a rule that remembers something
   * @returns null when it does nothing at these settings: each rule costs every packet
   */
  create(settings: Reads, parts: RuleParts, previous: Made | null): Made | null;
  /**
   * Mean loss of the worse way, 0 to 1; null: it loses nothing at these settings. For what is modelled by
   * chance alone, as DNS and DHCP are.
   */
  lossRate?(settings: Reads, radio: RadioParameters): number | null;
  /**
   * What a frame of this way finds on the air. On a medium that is shared, the medium plays this in the
   * rule's stead.
   */
  air?(settings: Reads, way: Way, radio: RadioParameters): Partial<AirConditions>;
}
