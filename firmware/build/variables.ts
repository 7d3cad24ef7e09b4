/**
 * How many of a board's variables a program holds, counted from its text: everything that it names or writes out, once.
 *
 * Espruino keeps all that is not in flash in variables of one size, 14 bytes on an ESP32 with its 16,383 (boards/ESP32.py, src/jsvar.h). Run from Storage
 * the text of functions stays in flash, whatever its length. What each thing takes was measured in an Espruino for this computer that was built with
 * that size (`-m32` and 16,383 variables), from what a hundred of them in a program in Storage added to `process.memory().usage`.
 *
 * That every function exists once, and every literal is held, is true of what stands at the top of modules, and of the kit; a big function that makes
 * much in passing is counted as if it kept it, and what a program makes again and again (a message, a growing array) is not seen. A test compares the
 * count with an engine: programs of all kinds held 0.6 to 1.05 times what is counted here.
 */
import { parse } from '@babel/parser';
import traverseModule, { type TraverseOptions } from '@babel/traverse';

// A CommonJS module: its function may arrive as the default of the default.
const traverse = ('default' in traverseModule ? traverseModule.default : traverseModule) as typeof traverseModule;

/** In a variable of 14 bytes: characters of a name (a value or a link is in it, too), of a text, and of what continues either. */
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
    noScope: true,
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
    StringLiteral({ node, key }) {
      if (key !== 'key') kinds.text += 1 + continued(node.value.length, TEXT_CHARACTERS);
    },
    NumericLiteral({ node }) {
      if (!Number.isInteger(node.value) || node.value > NUMBER_IN_NAME_MAX) kinds.numbers++;
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
    RegExpLiteral: () => {
      kinds['objects and arrays'] += REGULAR_EXPRESSION;
    },
    Class: () => {
      kinds['classes and their objects'] += CLASS;
    },
    NewExpression: () => {
      kinds['classes and their objects'] += INSTANCE;
    },
    AssignmentExpression({ node: { left } }) {
      if (left.type === 'MemberExpression' && left.object.type === 'ThisExpression')
        kinds['classes and their objects'] += ofName(left.property);
    },
  } satisfies TraverseOptions);
  return { total: Object.values(kinds).reduce((sum, count) => sum + count, ENGINE), kinds };
}

/** Of a name or a key, with the link to its value. */
function ofName(node: { type: string; name?: unknown; value?: unknown }): number {
  return 1 + continued(String(node.name ?? node.value ?? '').length, NAME_CHARACTERS);
}

function continued(characters: number, inFirst: number): number {
  return Math.ceil(Math.max(0, characters - inFirst) / CONTINUED_CHARACTERS);
}
