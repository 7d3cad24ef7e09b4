/**
 * How files lie in folders: nothing loose where only rooms belong, and no room so full that nobody finds
 * anything.
 */
import type { Problem } from './source-file.ts';

/** Source files beside each other, tests included. */
const FILES_MAX = 25;
/** A folder in which nothing but folders lies, and what else may. */
const ROOMS_ONLY = /^sim\/(?!(index\.ts|README\.md|package\.json)$)[^/]+$/;

export function looseFiles(paths: readonly string[]): Problem[] {
  return paths.filter((path) => ROOMS_ONLY.test(path)).map((path) => `${path}: lies loose: put it into the folder that it belongs to`);
}

export function crowdedFolders(paths: readonly string[]): Problem[] {
  const counts = new Map<string, number>();
  for (const path of paths.filter((one) => one.endsWith('.ts'))) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const crowded = [...counts].filter(([, count]) => count > FILES_MAX);
  return crowded.map(([folder, count]) => `${folder}: ${count} source files beside each other, at most ${FILES_MAX}: group them by topic`);
}
