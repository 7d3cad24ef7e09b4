/**
 * "Did you mean" for paths: the file that may have been meant by one that is not there. Looks at names only,
 * and only where the path leads.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { meant } from './nearest.ts';

/** A folder with more is not one that somebody knows by heart. */
const ENTRIES_MAX = 2_000;

/**
 * The file with this name in its folder, or in one that is called much like it; then in `folders`. With the
 * extension left out as well.
 * @returns null when nothing there is called so
 */
export function nearestFile(path: string, folders: readonly string[] = []): string | null {
  const [folder, name] = [dirname(path), basename(path)];
  for (const place of [...ownFolders(folder), ...folders]) {
    const found = likeIn(namesIn(place) ?? [], name);
    if (found !== null) return join(place, found);
  }
  return null;
}

/** `; did you mean scenarios/half-open.yaml?`, or nothing. */
export function didYouMeanFile(path: string, folders: readonly string[] = []): string {
  const near = nearestFile(path, folders);
  return near === null ? '' : `; did you mean ${near}?`;
}

/** The folder that is named, or the one beside it that was meant. */
function ownFolders(folder: string): string[] {
  if (namesIn(folder) !== null) return [folder];
  const near = likeIn(namesIn(dirname(folder)) ?? [], basename(folder));
  return near === null ? [] : [join(dirname(folder), near)];
}

/** Of the same kind; what they are called before it is compared. */
function likeIn(names: readonly string[], name: string): string | null {
  if (names.includes(name)) return name;
  const kind = extname(name);
  const candidates = names.filter((one) => kind === '' || extname(one) === kind);
  const stems = candidates.map((one) => basename(one, extname(one)));
  const stem = basename(name, kind);
  const near = stems.includes(stem) ? stem : meant(stem, stems);
  return near === null ? null : candidates[stems.indexOf(near)];
}

/** null: no such folder. */
function namesIn(folder: string): string[] | null {
  try {
    return readdirSync(folder).slice(0, ENTRIES_MAX).sort();
  } catch {
    return null;
  }
}
