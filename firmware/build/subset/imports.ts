/**
 * What an app may import: files of its own (also JSON), and of the kit what boards run: `squall-kit/firmware`,
 * `squall-kit/hal`, `firmware/…` and `hal`. There is no npm and no module of Node.js on a board, and nothing
 * would say so before the board does: a bundler lets the one pass and takes in the other.
 */
import { isBuiltin } from 'node:module';
import { extname } from 'node:path';
import type { NodePath, TraverseOptions } from '@babel/traverse';
import type { Report } from './report.ts';

const OWN_EXTENSIONS = ['', '.ts', '.mts', '.tsx', '.js', '.mjs', '.jsx', '.json'];
/** Of the kit's packages, what runs on the computer only. */
const HOST_SIDE =
  /^(squall-kit(?!\/(firmware|hal)$)(\/.*)?|firmware(\/(build|cli|conformance|engine|testing)(\/.*)?)?|hal\/(node|simulated|espruino|host|testing)(\/.*)?)$/;

/** What takes the place of the modules that people reach for first. */
const INSTEAD: Record<string, string> = {
  fs: 'use hal.storage',
  net: 'use hal.net',
  tls: 'use createChannel of firmware/channel with a wss:// server',
  http: 'use createChannel of firmware/channel, or hal.net',
  https: 'use createChannel of firmware/channel, or hal.net',
  ws: 'use createChannel of firmware/channel',
  crypto: 'use hal.crypto, and hal.random for chance',
  timers: 'use hal.clock',
  os: 'use hal.system',
  process: 'use hal.system',
  Storage: 'use hal.storage',
  Wifi: 'use hal.wifi',
};

export function importRules(report: Report): TraverseOptions {
  const check = (node: Parameters<Report>[0] & { value: string }) => {
    const problem = importProblem(node.value);
    if (problem !== null) report(node, problem[0], problem[1]);
  };
  return {
    ImportDeclaration({ node }) {
      if (node.importKind !== 'type') check(node.source);
    },
    ExportNamedDeclaration({ node }) {
      if (node.source && node.exportKind !== 'type') check(node.source);
    },
    ExportAllDeclaration({ node }) {
      if (node.exportKind !== 'type') check(node.source);
    },
    CallExpression(path) {
      const [name] = path.node.arguments;
      if (isRequire(path) && name?.type === 'StringLiteral') check(name);
    },
  };
}

function isRequire({ node: { callee }, scope }: NodePath & { node: { callee: { type: string; name?: string } } }): boolean {
  return callee.type === 'Identifier' && callee.name === 'require' && !scope.hasBinding('require', true);
}

/** [what is wrong, what to write instead], or null for what a program can hold. */
export function importProblem(specifier: string): [string, string] | null {
  if (/^(\.{0,2}\/|\.{1,2}$)/.test(specifier)) {
    const extension = extname(specifier);
    // `./sensor.model` may be `./sensor.model.ts`.
    const known = OWN_EXTENSIONS.includes(extension) || !/^\.(css|txt|html|md|node|wasm|png|svg|ya?ml|csv)$/.test(extension);
    return known ? null : [`import of a ${extension} file`, 'import .ts, .js or .json'];
  }
  if (HOST_SIDE.test(specifier)) return [`"${specifier}" runs on the computer only`, 'import firmware/channel, and types of hal'];
  if (/^(squall-kit\/|firmware\/|hal$|hal\/)/.test(specifier)) return null;
  const name = specifier.replace(/^node:/, '');
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : 'write what you need of it into a file of your own';
  return isBuiltin(specifier)
    ? [`"${specifier}" is a module of Node.js, which no board has`, instead]
    : [`"${specifier}" is a package, which no board has`, instead];
}
