/**
 * The house as a graph: rooms are folders of the first and second level, an arrow is an import of a file in
 * the other room. Tests, what is made for them, and the doors (`index.ts` of a command) are left out.
 */
import { importsOf } from '../tidy/import-graph.ts';
import { isSource, isTest, type SourceFile } from '../tidy/source-file.ts';

export interface Arrow {
  from: string;
  to: string;
  /** Every import behind it is of types. */
  typesOnly: boolean;
}

export interface House {
  /** `sim/net`, or `relay` for the files beside its rooms; in alphabetical order. */
  rooms: { name: string; files: number }[];
  arrows: Arrow[];
}

const DOORS: readonly string[] = ['firmware/index.ts', 'relay/index.ts', 'sim/index.ts'];

export function houseOf(files: readonly SourceFile[]): House {
  const sources = files.filter((file) => isSource(file) && isInside(file.path));
  const counts = new Map<string, number>();
  const arrows = new Map<string, Arrow>();
  for (const file of sources) {
    const from = roomOf(file.path);
    counts.set(from, (counts.get(from) ?? 0) + 1);
    for (const { to: target, typeOnly } of importsOf(file)) {
      const to = roomOf(target);
      if (target.includes(':') || to === from) continue;
      const known = arrows.get(`${from} ${to}`);
      arrows.set(`${from} ${to}`, { from, to, typesOnly: typeOnly && (known?.typesOnly ?? true) });
    }
  }
  const inOrder = <T>(entries: Iterable<[string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    rooms: inOrder(counts).map(([name, files]) => ({ name, files })),
    arrows: inOrder(arrows).map(([, arrow]) => arrow),
  };
}

/**
 * Without the arrows that a longer way says too, so that what is left can be read. Arrows of types alone are
 * left out: nothing is loaded along them.
 */
export function essentialArrows({ arrows }: House): Arrow[] {
  const loading = arrows.filter(({ typesOnly }) => !typesOnly);
  const targets = new Map<string, string[]>();
  for (const { from, to } of loading) targets.set(from, [...(targets.get(from) ?? []), to]);
  return loading.filter(({ from, to }) => !(targets.get(from) ?? []).some((other) => other !== to && leadsTo(other, to, targets, from)));
}

/** Whether there is a way from one room to another that does not pass through `without`. */
function leadsTo(from: string, to: string, targets: ReadonlyMap<string, string[]>, without: string): boolean {
  const seen = new Set([from, without]);
  const waiting = [from];
  for (let room = waiting.pop(); room !== undefined; room = waiting.pop()) {
    if (room === to) return true;
    for (const next of targets.get(room) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return false;
}

function isInside(path: string): boolean {
  return path.includes('/') && !path.startsWith('.') && !isTest(path) && !DOORS.includes(path);
}

function roomOf(path: string): string {
  return path.split('/').slice(0, -1).slice(0, 2).join('/');
}
