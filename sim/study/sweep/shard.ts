/**
 * A part of a study's runs, for a machine that takes a part of the work: of eight shards the second takes the
 * second run and each eighth after it, so that all have about as much to do.
 */

export interface Shard {
  /** 1 to `count`. */
  number: number;
  count: number;
}

/** More machines than anybody gives one study. */
export const MAX_SHARDS = 1_000;

/** @returns null when the text is no `2/8` */
export function parseShard(text: string): Shard | null {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  if (match === null) return null;
  const [number, count] = [Number(match[1]), Number(match[2])];
  return number >= 1 && number <= count && count <= MAX_SHARDS ? { number, count } : null;
}

/** @param all in an order that is the same on every machine */
export function shardOf<T>(all: readonly T[], { number, count }: Shard): T[] {
  return all.filter((_, index) => index % count === number - 1);
}
