/**
 * When an outcome became likely: the share of runs with it that have the same luck up to a time and other
 * luck after it, over that time, and by bisection the two moments between which it rises.
 *
 * That share is 1 at the end and, at the beginning, how likely the outcome was at all. Between two events
 * nothing is drawn that counts, so times are searched as events, and what is found is one of them.
 */

/** Runs with the same luck until that time, and how many of them had the outcome. */
export interface Point {
  atMs: number;
  happened: number;
  of: number;
}

/**
 * @param lucks which other lucks to try at each time, counted from 1
 * @returns a point for each time; null: interrupted
 */
export type Ask = (timesMs: readonly number[], lucks: readonly number[]) => Promise<Point[] | null>;

export type Moment =
  /** It happens with other luck all the same: nothing decided it on the way. */
  | { kind: 'from-the-start' }
  /** What was drawn after `before` and until `after` decided it. */
  | { kind: 'moment'; before: Point; after: Point }
  /** It became likely by and by; between these the share rises most among those looked at. */
  | { kind: 'gradual'; before: Point; after: Point; fromMs: number; toMs: number };

export interface Course {
  /** By time. The last is the end, from which on no luck counts. */
  points: Point[];
  moment: Moment;
}

/** Evenly spread times that are looked at before anything is halved, and where nothing is. */
const GRID = 8;
const COARSE_GRID = 4;
/** Likelier than this from the start: nothing that happened on the way explains it. */
const LIKELY = 0.75;
/** A smaller step of the share is one of several. */
const DECISIVE_STEP = 0.4;
/** In place of an index: before any event. */
const START = -1;
/** Of the rise that is counted as the rise itself. */
const [FOOT, TOP] = [0.2, 0.8];

export interface Search {
  /** Of all events, ms, each once, in order. */
  timesMs: readonly number[];
  /** From then on no luck counts, ms. */
  endMs: number;
  seeds: number;
}

/** Runs at most. */
export function mostRuns({ timesMs, seeds }: Search): number {
  const halvings = Math.ceil(Math.log2(Math.max(2, timesMs.length / GRID))) + 1;
  return seeds * (GRID + halvings + 2);
}

/** null: interrupted. */
export async function findMoment({ timesMs, endMs, seeds }: Search, ask: Ask): Promise<Course | null> {
  const lucks = range(1, seeds);
  const until = timesMs.filter((atMs) => atMs > 0 && atMs < endMs);
  const known = new Map<number, Point>([[until.length, { atMs: endMs, happened: seeds, of: seeds }]]);
  const askAbout = async (indices: readonly number[]): Promise<boolean> => {
    const points = await ask(
      indices.map((index) => until[index] ?? 0),
      lucks,
    );
    points?.forEach((point, place) => {
      known.set(indices[place], point);
    });
    return points !== null;
  };
  if (!(await askAbout([START]))) return null;
  const first = share(known.get(START) as Point);
  const isLikely = first >= LIKELY;
  const parts = isLikely ? COARSE_GRID : GRID;
  const grid = range(1, parts - 1).map((part) => Math.floor((part * until.length) / parts));
  if (!(await askAbout([...new Set(grid)].filter((index) => index < until.length)))) return null;
  if (isLikely) return { points: inOrder(known), moment: { kind: 'from-the-start' } };

  const middle = (1 + first) / 2;
  let [low, high] = lastRise(known, middle);
  while (high - low > 1) {
    const index = Math.floor((low + high) / 2);
    if (!(await askAbout([index]))) return null;
    if (share(known.get(index) as Point) < middle) low = index;
    else high = index;
  }
  // Of many shares that are wrong by chance the search has picked two: they are asked again.
  const again = await askAgain(low, high, known, until, seeds, ask);
  return again ? { points: inOrder(known), moment: judge(known, low, high, first) } : null;
}

/** The last index below the level after which all known ones are above it, and the first of those. */
function lastRise(known: ReadonlyMap<number, Point>, level: number): [low: number, high: number] {
  const indices = [...known.keys()].sort((a, b) => a - b);
  const below = indices.findLastIndex((index) => share(known.get(index) as Point) < level);
  return [indices[below], indices[below + 1]];
}

async function askAgain(
  low: number,
  high: number,
  known: Map<number, Point>,
  until: readonly number[],
  seeds: number,
  ask: Ask,
): Promise<boolean> {
  const places = [low, high].filter((index) => index < until.length);
  const again = await ask(
    places.map((index) => until[index] ?? 0),
    range(seeds + 1, seeds),
  );
  if (again === null) return false;
  for (const [place, index] of places.entries()) {
    const { atMs, happened, of } = known.get(index) as Point;
    known.set(index, { atMs, happened: happened + again[place].happened, of: of + again[place].of });
  }
  return true;
}

function judge(known: ReadonlyMap<number, Point>, low: number, high: number, first: number): Moment {
  const [before, after] = [known.get(low) as Point, known.get(high) as Point];
  if (share(after) - share(before) >= DECISIVE_STEP) return { kind: 'moment', before, after };
  const points = inOrder(known);
  const levelAt = (part: number) => first + part * (1 - first);
  const to = points.findLastIndex((point) => share(point) < levelAt(TOP)) + 1;
  const from = Math.max(
    0,
    points.slice(0, to).findLastIndex((point) => share(point) < levelAt(FOOT)),
  );
  return { kind: 'gradual', before, after, fromMs: points[from].atMs, toMs: points[to].atMs };
}

export function share({ happened, of }: Point): number {
  return happened / of;
}

function inOrder(known: ReadonlyMap<number, Point>): Point[] {
  return [...known].sort(([a], [b]) => a - b).map(([, point]) => point);
}

export function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
