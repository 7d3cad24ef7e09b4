/**
 * The cells of a grid as places with neighbours, for a search that does not visit them all.
 *
 * The values of a parameter are taken to be in order when all of them are numbers or quantities (`5s`,
 * `64KiB`): then only those beside each other in the list are neighbours. Of anything else (kinds of jitter)
 * all values are.
 */
import { parseBitRate, parseDuration, parseNumber, parseSize } from 'host/units';

export class Lattice {
  readonly size: number;
  private readonly axes: { length: number; ordered: boolean; stride: number }[] = [];

  /** @param parameters of a study, whose cells run through them with the last one fastest */
  constructor(parameters: readonly { values: readonly unknown[] }[]) {
    let stride = 1;
    for (const { values } of [...parameters].reverse()) {
      this.axes.unshift({ length: values.length, ordered: values.every(isQuantity), stride });
      stride *= values.length;
    }
    this.size = stride;
  }

  /**
   * Where a search begins: of values in order every second one from the second on, of others the first. Of
   * every cell whose parameters are all in order one is here that is at most a step away in each.
   */
  coarse(): number[] {
    let cells = [0];
    for (const { length, ordered, stride } of this.axes) {
      const places = Array.from({ length }, (_, place) => place).filter((place) => (ordered && length > 1 ? place % 2 === 1 : place === 0));
      cells = cells.flatMap((cell) => places.map((place) => cell + place * stride));
    }
    return cells;
  }

  /** Cells that differ in one parameter only, by one step of it. */
  neighbours(cell: number): number[] {
    return this.axes.flatMap(({ length, ordered, stride }) => {
      const own = Math.floor(cell / stride) % length;
      const others = Array.from({ length }, (_, place) => place).filter((place) => (ordered ? Math.abs(place - own) === 1 : place !== own));
      return others.map((place) => cell + (place - own) * stride);
    });
  }
}

function isQuantity(value: unknown): boolean {
  if (typeof value === 'number') return true;
  return typeof value === 'string' && [parseNumber, parseDuration, parseSize, parseBitRate].some((parse) => parse(value) !== null);
}
