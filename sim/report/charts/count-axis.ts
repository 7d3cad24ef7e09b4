/** What the axes of counts share: round steps, and short labels. */

/** A step of 1, 2 or 5 times a power of ten that makes two to four intervals up to `most` (at least 1). */
export function countStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 2));
  const factor = [5, 2].find((size) => size * power <= most / 2) ?? 1;
  return Math.max(1, factor * power);
}

export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  return count < 1e6 ? `${Number((count / 1000).toPrecision(3))}k` : `${Number((count / 1e6).toPrecision(3))}M`;
}
