/**
 * `--set path=value`: changes one field of a document before it is checked. Paths are keys and list indices
 * with dots between (`link.loss`, `steps.0.for`), values are YAML (`0.1`, `30s`, `[board-1, board-2]`,
 * `{ kind: fixed }`).
 *
 * Whether the path is legal is not known here: the schema refuses what it does not know, wherever it came
 * from.
 */
import { isMapping } from 'host/is-mapping';
import { parse } from 'yaml';
import { withoutSecrets } from '../secrets.ts';
import type { Problem } from './problem.ts';

export interface Override {
  /** As typed, but for secrets, for messages and for the line that replays the run. */
  text: string;
  path: (string | number)[];
  value: unknown;
  /** A problem with it in words, when it was not typed as `--set`. */
  inWords?(problem: Problem): string;
}

/** Deeper than any document. */
const MAX_PATH_KEYS = 10;
const MAX_VALUE_CHARACTERS = 10_000;

/** Or what is wrong with it. */
export function parseOverride(text: string): Override | string {
  const [, path, value] = /^([A-Za-z_]\w*(?:\.\w+)*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined) return `expected path=value (link.loss=0.1), got ${JSON.stringify(text)}`;
  const keys = path.split('.').map((key) => (/^\d{1,6}$/.test(key) ? Number(key) : key));
  if (keys.length > MAX_PATH_KEYS || value.length > MAX_VALUE_CHARACTERS) return `longer than any legal path or value`;
  if (keys.includes('__proto__')) return `unknown path ${JSON.stringify(path)}`;
  try {
    const read: unknown = parse(value);
    return { text: textOf(text, keys, read), path: keys, value: read };
  } catch {
    return `${path}: the value is not YAML: ${JSON.stringify(value)}`;
  }
}

/** As typed, but for the secrets of a device's config. */
function textOf(typed: string, path: readonly (string | number)[], value: unknown): string {
  const document = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
  const masked = maskedDocument(document);
  if (JSON.stringify(masked) === JSON.stringify(document)) return typed;
  const shown = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], masked);
  return `${path.join('.')}=${JSON.stringify(shown)}`;
}

function maskedDocument({ boards, fleet, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const groups = isMapping(fleet) ? Object.fromEntries(Object.entries(fleet).map(([name, group]) => [name, maskedBoards(group)])) : fleet;
  return { ...(boards === undefined ? {} : { boards: maskedBoards(boards) }), ...(groups === undefined ? {} : { fleet: groups }), ...rest };
}

function maskedBoards(boards: unknown): unknown {
  return isMapping(boards) && isMapping(boards.config) ? { ...boards, config: withoutSecrets(boards.config) } : boards;
}

/**
 * Changes `document`, making mappings on the way as needed. A path that leads through a value, or to no place
 * in a list, is a problem.
 */
export function applyOverride(document: Record<string, unknown>, { path, value }: Override): Problem | null {
  let at: Record<string | number, unknown> = document;
  for (const [depth, key] of path.entries()) {
    if (Array.isArray(at) && (typeof key !== 'number' || key >= at.length)) {
      return { path, message: `${path.slice(0, depth).join('.')} is a list of ${at.length}: there is no ${JSON.stringify(key)} in it` };
    }
    if (depth === path.length - 1) {
      at[key] = value;
      return null;
    }
    if (!Object.hasOwn(at, key) || at[key] === null) {
      if (typeof path[depth + 1] === 'number') return { path, message: `there is no list ${path.slice(0, depth + 1).join('.')}` };
      at[key] = {};
    }
    const next = at[key];
    if (typeof next !== 'object') return { path, message: `${path.slice(0, depth + 1).join('.')} is a value and has no fields` };
    at = next as Record<string | number, unknown>;
  }
  return null;
}
