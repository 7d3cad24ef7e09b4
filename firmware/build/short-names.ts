/**
 * Which property names of the kit the minifier may shorten. A third of the program would else be names such
 * as `wifiKeeperOnJoined`, kept in the device's memory too.
 *
 * Only names that the kit's own sources declare, and that nothing outside can mean: not a name that an app's
 * source mentions, nor one that stands in a string anywhere, nor a key of the config, nor one of the engine's
 * or the language's.
 */
import { parse } from '@babel/parser';
import traverseModule, { type NodePath } from '@babel/traverse';

// A CommonJS module: its function may arrive as the default of the default.
const traverse = ('default' in traverseModule ? traverseModule.default : traverseModule) as typeof traverseModule;

export interface NamedSource {
  text: string;
  /**
   * `kit`: what it declares may be shortened · `outside`: every name in it is left alone (an app, the
   * config's keys, the engine's declarations).
   */
  owner: 'kit' | 'outside';
}

/** What the language's own objects are called. */
const LANGUAGE = [Object, Function, Array, String, Number, Boolean, RegExp, Error, Promise, ArrayBuffer, Uint8Array].flatMap((type) => [
  ...Object.getOwnPropertyNames(type),
  ...Object.getOwnPropertyNames(type.prototype),
]);
const NAMESPACES = [Math, JSON].flatMap((namespace) => Object.getOwnPropertyNames(namespace));
/** Of Date, which only a backend may name (an app's own names are left alone anyway). */
const OF_DATE = ['now', 'parse', 'UTC'];
/** Of thrown errors, in Espruino as well. */
const OF_ERRORS = ['message', 'stack', 'code'];

export function shortenable(sources: readonly NamedSource[]): string[] {
  const declared = new Set<string>();
  const taken = new Set([...LANGUAGE, ...NAMESPACES, ...OF_DATE, ...OF_ERRORS]);
  for (const { text, owner } of sources) {
    const tree = parse(text, { sourceType: 'module', plugins: ['typescript'] });
    traverse(tree, {
      noScope: true,
      'ClassMethod|ClassProperty|ObjectProperty|ObjectMethod'({ node }: NodePath) {
        const name = keyOf(node);
        if (owner === 'kit' && name !== null) declared.add(name);
      },
      StringLiteral({ node }) {
        taken.add(node.value);
      },
      Identifier({ node, parent, listKey }) {
        // A parameter in a declaration names nothing.
        const isParameter = /^param/.test(String(listKey)) && /^TS(DeclareFunction|FunctionType|MethodSignature)$/.test(parent.type);
        if (owner === 'outside' && !isParameter) taken.add(node.name);
      },
    } as Parameters<typeof traverse>[1]);
  }
  return [...declared].filter((name) => !taken.has(name)).sort();
}

function keyOf(node: object): string | null {
  const { key, computed } = node as { key?: { type: string; name?: string }; computed?: boolean };
  return key?.type === 'Identifier' && !computed ? (key.name ?? null) : null;
}
