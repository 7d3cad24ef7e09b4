/**
 * What the cases of hal/conformance use of JavaScript and Espruino lacks, as far as they use it. Firmware
 * itself does without (../../README.md), so this is in no program for a board.
 */

class SmallSet {
  size = 0;

  constructor(items: readonly unknown[]) {
    items.forEach((item, at) => {
      if (items.indexOf(item) === at) this.size++;
    });
  }
}

function arrayFrom(source: ArrayLike<unknown>, map: (item: unknown, at: number) => unknown = (item) => item): unknown[] {
  const items: unknown[] = [];
  for (let at = 0; at < source.length; at++) items.push(map(source[at], at));
  return items;
}

(globalThis as { Set: unknown }).Set = SmallSet;
// By their own names: the engine's global object does not know what is built in.
(Array as { from: unknown }).from = arrayFrom;
(Array.prototype as { at: unknown }).at = function (this: unknown[], at: number) {
  return this[at < 0 ? this.length + at : at];
};
