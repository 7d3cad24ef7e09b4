/**
 * The names of the language: those that Node has, found by reflection, and those of the library that apps are
 * checked against (build/library/).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@babel/parser';

const LIBRARY = join(__dirname, '..', '..', 'build', 'library');

/** An instance of each class, in the engine's words. */
export const INSTANCES: Record<string, string> = {
  Object: '({})',
  Function: '(function(){})',
  Array: '[1]',
  String: '"a"',
  Number: '(5)',
  Boolean: 'true',
  RegExp: '/a/',
  Date: 'new Date(0)',
  Error: 'new Error("x")',
  Promise: 'Promise.resolve()',
  ArrayBuffer: 'new ArrayBuffer(4)',
  DataView: 'new DataView(new ArrayBuffer(8))',
  Uint8Array: 'new Uint8Array(2)',
};
const NAMESPACES = ['Math', 'JSON'];
/** In the library all typed arrays are one interface. */
const TYPED_ARRAY = 'EspruinoTypedArray';

/** `Math.abs`, `Array.isArray`, `Array#map`, and the global names as they are. */
export function nodeNames(): string[] {
  const inNode = globalThis as unknown as Record<string, object & { prototype?: object }>;
  const statics = [...Object.keys(INSTANCES), ...NAMESPACES].flatMap((owner) => plain(inNode[owner]).map((name) => `${owner}.${name}`));
  const methods = Object.keys(INSTANCES).flatMap((owner) => [...chainOf(inNode[owner].prototype)].map((name) => `${owner}#${name}`));
  return [...plain(globalThis), ...statics, ...methods];
}

/** Of a prototype and those above it, but for what every object has. */
function chainOf(prototype: object | undefined): Set<string> {
  const names = new Set<string>();
  for (let level = prototype; level && (level !== Object.prototype || level === prototype); level = Object.getPrototypeOf(level)) {
    for (const name of plain(level)) names.add(name);
  }
  return names;
}

function plain(owner: object): string[] {
  return Object.getOwnPropertyNames(owner).filter((name) => /^\w+$/.test(name));
}

/** The same of the library. */
export function libraryNames(): string[] {
  const text = ['language', 'arrays'].map((part) => readFileSync(join(LIBRARY, `${part}.d.ts`), 'utf8')).join('\n');
  const tree = parse(text, { sourceType: 'script', plugins: [['typescript', { dts: true }]] });
  return tree.program.body.flatMap((statement) => {
    if (statement.type === 'VariableDeclaration') return statement.declarations.map(({ id }) => ('name' in id ? String(id.name) : ''));
    if (statement.type === 'TSDeclareFunction') return [statement.id?.name ?? ''];
    if (statement.type !== 'TSInterfaceDeclaration') return [];
    const prefix = prefixOf(statement.id.name);
    const keys = statement.body.body.map((member) => ('key' in member && member.key.type === 'Identifier' ? member.key.name : ''));
    return prefix === null ? [] : keys.filter((key) => key !== '').map((key) => prefix + key);
  });
}

function prefixOf(name: string): string | null {
  if (NAMESPACES.includes(name)) return `${name}.`;
  const owner = name.replace(TYPED_ARRAY, 'Uint8Array').replace(/Constructor$/, '');
  if (!Object.hasOwn(INSTANCES, owner)) return null;
  return name.endsWith('Constructor') ? `${owner}.` : `${owner}#`;
}
