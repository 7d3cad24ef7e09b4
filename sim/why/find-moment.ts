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
const [FOOT, MIDDLE, TOP] = [0.2, 0.5, 0.8];

export interface Search {
  /** Of all events, ms, each once, in order. */
  timesMs: readonly number[];
  /** From then on no luck counts, ms. */
  endMs: number;
  seeds: number;
}

/** Runs at most: two searches, each of which ends with two times that are asked for again. */
export function mostRuns({ timesMs, seeds }: Search): number {
  const halvings = Math.ceil(Math.log2(Math.max(2, timesMs.length / GRID))) + 1;
  return seeds * (GRID + 2 * (halvings + 2));
}

/** null: interrupted. */
export async function findMoment(search: Search, ask: Ask): Promise<Course | null> {
  const curve = new Curve(search, ask);
  if (!(await curve.askAbout([START]))) return null;
  const first = curve.shareAt(START);
  const isLikely = first >= LIKELY;
  if (!(await curve.askAbout(curve.gridOf(isLikely ? COARSE_GRID : GRID)))) return null;
  if (isLikely) return { points: curve.points, moment: { kind: 'from-the-start' } };

  const levelAt = (part: number) => first + part * (1 - first);
  const crossing = await curve.narrow(curve.lastRise(levelAt(MIDDLE)), (_, mid) => mid < levelAt(MIDDLE));
  if (crossing === null) return null;
  if (stepOf(crossing) >= DECISIVE_STEP) return { points: curve.points, moment: { kind: 'moment', ...crossing } };
  // It may have crossed the middle by a small step, and have made a large one before or after it.
  const [foot] = curve.lastRise(levelAt(FOOT));
  const steepest = await curve.narrow(curve.steepestAfter(foot), (low, mid, high) => mid - low < high - mid);
  if (steepest === null) return null;
  const { points } = curve;
  const largest = stepOf(steepest) > stepOf(crossing) ? steepest : crossing;
  if (stepOf(largest) >= DECISIVE_STEP) return { points, moment: { kind: 'moment', ...largest } };
  const to = points.findLastIndex((point) => share(point) < levelAt(TOP)) + 1;
  const from = Math.max(
    0,
    points.slice(0, to).findLastIndex((point) => share(point) < levelAt(FOOT)),
  );
  return { points, moment: { kind: 'gradual', ...largest, fromMs: points[from].atMs, toMs: points[to].atMs } };
}

/** Two times with no event between them. */
interface Pair {
  before: Point;
  after: Point;
}

type Indices = readonly [low: number, high: number];

function stepOf({ before, after }: Pair): number {
  return share(after) - share(before);
}

/** The share over time, as far as it was asked for, by the indices of the times. */
class Curve {
  private readonly search: Search;
  private readonly ask: Ask;
  private readonly until: readonly number[];
  private readonly known = new Map<number, Point>();
  private readonly askedTwice = new Set<number>();

  constructor(search: Search, ask: Ask) {
    const { timesMs, endMs, seeds } = search;
    this.search = search;
    this.ask = ask;
    this.until = timesMs.filter((atMs) => atMs > 0 && atMs < endMs);
    this.known.set(this.until.length, { atMs: endMs, happened: seeds, of: seeds });
    this.askedTwice.add(this.until.length);
  }

  /** By time. */
  get points(): Point[] {
    return this.indices.map((index) => this.at(index));
  }

  shareAt(index: number): number {
    return share(this.at(index));
  }

  /** Evenly spread, and not asked for yet. */
  gridOf(parts: number): number[] {
    const grid = range(1, parts - 1).map((part) => Math.floor((part * this.until.length) / parts));
    return [...new Set(grid)].filter((index) => !this.known.has(index));
  }

  /** False: interrupted. */
  async askAbout(indices: readonly number[], firstLuck = 1): Promise<boolean> {
    const times = indices.map((index) => this.until[index] ?? 0);
    const points = await this.ask(times, range(firstLuck, this.search.seeds));
    points?.forEach(({ atMs, happened, of }, place) => {
      const before = this.known.get(indices[place]) ?? { happened: 0, of: 0 };
      this.known.set(indices[place], { atMs, happened: before.happened + happened, of: before.of + of });
    });
    return points !== null;
  }

  /** The last index below the level after which all known ones are above it, and the first of those. */
  lastRise(level: number): Indices {
    const { indices } = this;
    const below = indices.findLastIndex((index) => this.shareAt(index) < level);
    return [indices[below], indices[below + 1]];
  }

  /** The two known ones next to each other between which it rises most, from this one on. */
  steepestAfter(from: number): Indices {
    const indices = this.indices.filter((index) => index >= from);
    const rise = (place: number) => this.shareAt(indices[place + 1]) - this.shareAt(indices[place]);
    const steepest = range(0, indices.length - 1).reduce((best, place) => (rise(place) > rise(best) ? place : best), 0);
    return [indices[steepest], indices[steepest + 1]];
  }

  /**
   * Halves until no event is between the two. Of many shares that are wrong by chance that has picked two, so
   * they are asked for again.
   * @param isInUpper whether the half after the middle is to be looked at
   * @returns null: interrupted
   */
  async narrow([from, to]: Indices, isInUpper: (low: number, middle: number, high: number) => boolean): Promise<Pair | null> {
    let [low, high] = [from, to];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (!this.known.has(middle) && !(await this.askAbout([middle]))) return null;
      if (isInUpper(this.shareAt(low), this.shareAt(middle), this.shareAt(high))) low = middle;
      else high = middle;
    }
    const once = [low, high].filter((index) => !this.askedTwice.has(index));
    if (once.length > 0 && !(await this.askAbout(once, this.search.seeds + 1))) return null;
    for (const index of once) this.askedTwice.add(index);
    return { before: this.at(low), after: this.at(high) };
  }

  private get indices(): number[] {
    return [...this.known.keys()].sort((a, b) => a - b);
  }

  private at(index: number): Point {
    return this.known.get(index) as Point;
  }
}

export function share({ happened, of }: Point): number {
  return happened / of;
}

export function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
