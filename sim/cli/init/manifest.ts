/** A project's package.json: a new one, or the one that was there with a few scripts more. */
import { basename } from 'node:path';
import { isMapping } from 'host/is-mapping';
import { UsageError } from 'host/user-error';
import { applyEdits, modify } from 'jsonc-parser';
import type { Merged } from './merged.ts';

/** What `npm init` writes, which tests nothing. */
const NO_TEST = 'echo "Error: no test specified" && exit 1';
const GROUPS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
/** Of npm's rules for names; longer ones are cut. */
const NAME_CHARACTERS_MAX = 100;

/** @param folder absolute, after which it is called */
export function newManifest(folder: string, scripts: Record<string, string>): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, NAME_CHARACTERS_MAX);
  return `${JSON.stringify({ name: name || 'firmware', private: true, scripts }, null, 2)}\n`;
}

/** @throws UsageError for a text that is no package.json */
export function withScripts(text: string, scripts: Record<string, string>): Merged & { packages: string[] } {
  const manifest = parse(text);
  const own = manifest.scripts ?? {};
  if (!isMapping(own)) throw new UsageError('package.json: scripts: expected an object');
  const free = Object.keys(scripts).filter((name) => !Object.hasOwn(own, name) || own[name] === NO_TEST);
  const formattingOptions = {
    tabSize: /^ +(?=")/m.exec(text)?.[0].length ?? 2,
    insertSpaces: !/^\t+"/m.test(text),
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const changed = free.reduce((at, name) => applyEdits(at, modify(at, ['scripts', name], scripts[name], { formattingOptions })), text);
  const left = Object.keys(scripts).filter((name) => !free.includes(name) && own[name] !== scripts[name]);
  return {
    text: changed,
    added: free.map((name) => `script ${name}`),
    left: left.map((name) => `script ${name} of package.json (here it would be: ${scripts[name]})`),
    packages: GROUPS.flatMap((group) => Object.keys((manifest[group] as object | undefined) ?? {})),
  };
}

function parse(text: string): Record<string, unknown> {
  const value = (() => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new UsageError('package.json: expected JSON');
    }
  })();
  if (!isMapping(value)) throw new UsageError('package.json: expected a JSON object');
  return value;
}
