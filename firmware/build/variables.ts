/**
 * How many of a board's variables a program holds, counted from its text.
 *
 * Espruino keeps all that is not in flash in variables of one size, 14 bytes on an ESP32 with its 16,383
 * (boards/ESP32.py, src/jsvar.h). Run from Storage the text of functions stays in flash, whatever its length.
 * What each thing takes was measured in an Espruino for this computer that was built with that size (`-m32`
 * and 16,383 variables), from what a hundred of them in a program in Storage added to
 * `process.memory().usage`.
 *
 * Every function, object and array counts once, and text and numbers where they are part of one, or stand at
 * the top of a module. That is exact for what an app adds to the kit, and a tenth too much for the kit
 * itself: 2,486 for the echo app with its channel open, of which an engine held 2,247. What a program makes
 * again and again (a message, a growing array) is not seen. A test compares the count with an engine.
 */
import { parse } from '@babel/parser';
import traverseModule, { type NodePath, type TraverseOptions } from '@babel/traverse';

// A CommonJS module: its function may arrive as the default of the default.
const traverse = ('default' in traverseModule ? traverseModule.default : traverseModule) as typeof traverseModule;

/**
 * In a variable of 14 bytes: characters of a name (a value or a link is in it, too), of a text, and of what
 * continues either.
 */
const NAME_CHARACTERS = 4;
const TEXT_CHARACTERS = 9;
const CONTINUED_CHARACTERS = 10;
/** Whole numbers up to here are in the variable of their name. */
const NUMBER_IN_NAME_MAX = 8191;
/** Of the function, its text in flash, its scope; parameters and its name come on top. */
const FUNCTION = 4;
const CLASS = 7;
const REGULAR_EXPRESSION = 8;
const OBJECT = 1;
/** Of a class: with the link to its prototype. */
const INSTANCE = 2;
/** Of the engine itself, before any program. */
const ENGINE = 63;

/** What programs hold, in the words of a message. */
export type Kind = 'functions' | 'classes and their objects' | 'objects and arrays' | 'text' | 'numbers' | 'names';
export type Variables = Record<Kind, number>;

/** @param code a built program */
export function countVariables(code: string): { total: number; kinds: Variables } {
  const kinds: Variables = { functions: 0, 'classes and their objects': 0, 'objects and arrays': 0, text: 0, numbers: 0, names: 0 };
  traverse(parse(code, { sourceType: 'script' }), {
    Function({ node }) {
      kinds.functions += FUNCTION + node.params.length;
      // `this` of where it was made.
      if (node.type === 'ArrowFunctionExpression') kinds.functions++;
      if ('key' in node) kinds.functions += ofName(node.key);
      if ('id' in node && node.id) kinds.functions += ofName(node.id);
    },
    VariableDeclarator: ({ node }) => {
      kinds.names += ofName(node.id);
    },
    StringLiteral(path) {
      if (path.key !== 'key' && isHeld(path)) kinds.text += 1 + continued(path.node.value.length, TEXT_CHARACTERS);
    },
    NumericLiteral(path) {
      const { value } = path.node;
      if ((!Number.isInteger(value) || value > NUMBER_IN_NAME_MAX) && isHeld(path)) kinds.numbers++;
    },
    // `!0` and `!1`, as the minifier writes them.
    'UnaryExpression|NullLiteral'(path: NodePath) {
      const { node } = path;
      const isPlain = node.type === 'NullLiteral' || (node.type === 'UnaryExpression' && node.operator === '!');
      if (isPlain && !path.parentPath?.isArrayExpression() && isHeld(path)) kinds.numbers++;
    },
    ArrayExpression({ node }) {
      kinds['objects and arrays'] += OBJECT + node.elements.length;
    },
    ObjectExpression: () => {
      kinds['objects and arrays'] += OBJECT;
    },
    ObjectProperty: ({ node }) => {
      kinds['objects and arrays'] += ofName(node.key);
    },
    RegExpLiteral: (path) => {
      if (isHeld(path)) kinds['objects and arrays'] += REGULAR_EXPRESSION;
    },
    Class: () => {
      kinds['classes and their objects'] += CLASS;
    },
    NewExpression: (path) => {
      if (isHeld(path)) kinds['classes and their objects'] += INSTANCE;
    },
    AssignmentExpression({ node: { left } }) {
      if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression') return;
      kinds['classes and their objects'] += ofName(left.property);
    },
  } as TraverseOptions);
  return { total: Object.values(kinds).reduce((sum, count) => sum + count, ENGINE), kinds };
}

/**
 * Whether it stands at the top of a module, which is in one function around all, or in a literal of many;
 * else it is in flash, and made in passing.
 */
function isHeld(path: NodePath): boolean {
  const { parentPath } = path;
  if (parentPath?.isArrayExpression() || parentPath?.isObjectProperty()) return true;
  return !path.scope.getFunctionParent()?.path.getFunctionParent();
}

/** Of a name or a key, with the link to its value. */
function ofName(node: { type: string; name?: unknown; value?: unknown }): number {
  return 1 + continued(String(node.name ?? node.value ?? '').length, NAME_CHARACTERS);
}

function continued(characters: number, inFirst: number): number {
  return Math.ceil(Math.max(0, characters - inFirst) / CONTINUED_CHARACTERS);
}
