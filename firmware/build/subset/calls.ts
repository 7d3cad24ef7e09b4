/**
 * Calls that Espruino has and does differently: an argument that it ignores, a case that never ends, a result
 * of another kind.
 */
import type { Node, NodePath, Scope, TraverseOptions } from '@babel/traverse';
import { regexProblem } from './regex.ts';
import type { Report } from './report.ts';
import { constantOf, kindOf } from './values.ts';

interface Call {
  /** What the method is called on. */
  object: Node;
  args: Node[];
  scope: Scope;
}

type Rule = (call: Call, report: Report) => void;

/** On whatever they are called. */
const METHODS: Record<string, Rule> = {
  split({ args: [separator, limit], scope }, report) {
    if (limit !== undefined) report(limit, 'split ignores its limit', 'use .slice(0, n) after it');
    const pattern = patternOf(separator, scope);
    if (pattern?.includes('(')) report(separator, 'split drops what a group matches', 'loop over exec');
    if (pattern !== null && new RegExp(`^(?:${pattern})$`).test(''))
      report(separator, 'split by what may be empty never ends', 'use + for *');
  },
  replace: checkReplace,
  replaceAll(call, report) {
    if (textOf(call.args[0], call.scope) === '') report(call.args[0], 'replaceAll of an empty text never ends', "use split('').join(…)");
    checkReplace(call, report);
  },
  match({ args: [pattern], scope }, report) {
    if (pattern === undefined) return;
    if (kindOf(pattern, scope) === 'text') report(pattern, 'match takes a text literally', 'use a regular expression, or indexOf');
    if (pattern.type === 'RegExpLiteral' && pattern.flags.includes('g')) {
      report(pattern, 'match with g gives an empty array, and not null, where nothing matches', 'look at its length', 'warning');
    }
  },
  padStart: checkPad,
  padEnd: checkPad,
  slice: checkTypedResult('slice', 'subarray'),
  filter: checkTypedResult('filter', 'a loop'),
};

/** On globals. */
const STATICS: Record<string, Rule> = {
  'JSON.stringify'({ args: [, replacer, indent] }, report) {
    if (isGiven(replacer))
      report(replacer, 'JSON.stringify ignores its replacer, and leaves nothing out', 'make an object of what others may see');
    if (isGiven(indent)) report(indent, 'JSON.stringify indents with other blanks', 'leave the indentation out', 'warning');
  },
  'JSON.parse'({ args: [, reviver] }, report) {
    if (isGiven(reviver)) report(reviver, 'JSON.parse ignores its reviver', 'change the result afterwards');
  },
  'Object.create'({ args: [, properties] }, report) {
    if (isGiven(properties)) report(properties, 'Object.create cannot take properties', 'assign them afterwards');
  },
  'Object.defineProperty'({ args: [, , descriptor] }, report) {
    if (descriptor?.type !== 'ObjectExpression') return;
    for (const property of descriptor.properties) {
      if (
        property.type === 'ObjectProperty' &&
        property.key.type === 'Identifier' &&
        /^(enumerable|configurable)$/.test(property.key.name)
      ) {
        report(property, `Object.defineProperty ignores ${property.key.name}`, 'leave it out');
      }
    }
  },
  'String.fromCharCode'({ args }, report) {
    for (const code of args)
      if (code.type === 'NumericLiteral' && code.value > 255) report(code, 'String.fromCharCode wraps at 256', 'write UTF-8 bytes');
  },
};

export function callRules(report: Report): TraverseOptions {
  return {
    CallExpression: (path) => checkCall(path, report),
    OptionalCallExpression: (path) => checkCall(path, report),
    NewExpression: (path) => checkNew(path, report),
    MemberExpression: (path) => checkProperty(path, report),
    OptionalMemberExpression: (path) => checkProperty(path, report),
  };
}

function checkCall({ node, scope }: NodePath, report: Report): void {
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return;
  const { callee, arguments: args } = node;
  if (isGlobal(callee, scope, 'Date')) report(node, 'Date() gives an object', 'use String(new Date())');
  if (isGlobal(callee, scope, 'RegExp')) checkRegExp(args, scope, report);
  if ((callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') || callee.computed) return;
  if (callee.property.type !== 'Identifier') return;
  const { object } = callee;
  const { name } = callee.property;
  const key = object.type === 'Identifier' && isGlobal(object, scope, object.name) ? `${object.name}.${name}` : '';
  if (Object.hasOwn(STATICS, key)) STATICS[key]({ object, args, scope }, report);
  else if (key === '' && object.type !== 'ThisExpression' && Object.hasOwn(METHODS, name)) METHODS[name]({ object, args, scope }, report);
}

function checkNew({ node, scope }: NodePath, report: Report): void {
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier' || scope.hasBinding(node.callee.name, true)) return;
  const { name } = node.callee;
  if (/^(String|Number|Boolean)$/.test(name)) report(node, `new ${name} gives a plain value`, 'leave new out');
  if (/^\w*Error$/.test(name) && node.arguments.length === 0)
    report(node, 'an error without a message has undefined for it', 'give it one', 'warning');
  if (/^\w*Error$/.test(name) && node.arguments.length > 1) report(node.arguments[1], 'an error has no cause', 'put it into the message');
  if (name === 'RegExp') checkRegExp(node.arguments, scope, report);
}

function checkRegExp([pattern, flags]: Node[], scope: Scope, report: Report): void {
  if (pattern === undefined) return;
  if (kindOf(pattern, scope) === 'regex') report(pattern, 'RegExp takes a text only', 'give it the text');
  const text = textOf(pattern, scope);
  const problem = text === null ? null : regexProblem(text, flags === undefined ? '' : (textOf(flags, scope) ?? ''), false);
  if (problem !== null) report(pattern, problem[0], problem[1]);
}

/** What functions and errors have elsewhere; the build changes both of a function. */
function checkProperty({ node, scope, key }: NodePath, report: Report): void {
  if ((node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') || node.computed || key === 'callee') return;
  if (node.property.type !== 'Identifier' || !/^(name|length|cause)$/.test(node.property.name)) return;
  const { name } = node.property;
  const { object } = node;
  const isConstructor =
    object.type === 'MemberExpression' && object.property.type === 'Identifier' && object.property.name === 'constructor';
  const kind = isConstructor ? 'function' : kindOf(object, scope);
  if (kind === 'function' && name !== 'cause') report(node, `the ${name} of a function is not there`, 'write it as a constant');
  if (kind === 'error' && name !== 'length') report(node, `an error has no ${name}`, 'use its message');
}

function checkReplace({ args: [pattern, replacement], scope }: Call, report: Report): void {
  if (pattern === undefined || replacement === undefined) return;
  const text = textOf(replacement, scope);
  if (text !== null && /\$($|[$&`'<])/.test(text))
    report(replacement, 'replace knows only $1 to $9', 'use a regular expression and a function');
  if (kindOf(replacement, scope) === 'function' && kindOf(pattern, scope) === 'text') {
    report(replacement, 'replace of a text puts the source of a function in', 'use a regular expression');
  }
}

function checkPad({ args: [, filler], scope }: Call, report: Report): void {
  if (filler !== undefined && textOf(filler, scope) === '') report(filler, 'padding with an empty text never ends', 'leave it out');
}

function checkTypedResult(name: string, instead: string): Rule {
  return ({ object, scope }, report) => {
    if (kindOf(object, scope) === 'typed array')
      report(object, `${name} of a typed array gives an Array`, `use ${instead}, or take it for an Array`, 'warning');
  };
}

function isGlobal(node: Node, scope: Scope, name: string): boolean {
  return node.type === 'Identifier' && node.name === name && /^[A-Z]/.test(name) && !scope.hasBinding(name, true);
}

function isGiven(argument: Node | undefined): argument is Node {
  return argument !== undefined && argument.type !== 'NullLiteral' && !(argument.type === 'Identifier' && argument.name === 'undefined');
}

/** Of a regular expression that is written out. */
function patternOf(node: Node | undefined, scope: Scope): string | null {
  const constant = node?.type === 'Identifier' ? constantOf(node.name, scope) : node;
  return constant?.type === 'RegExpLiteral' ? constant.pattern : null;
}

/** Of a literal; of a template, its parts without what is put in. */
function textOf(node: Node, scope: Scope): string | null {
  const constant = node.type === 'Identifier' ? constantOf(node.name, scope) : node;
  if (constant?.type === 'StringLiteral') return constant.value;
  return constant?.type === 'TemplateLiteral' ? constant.quasis.map(({ value }) => value.cooked ?? '').join('\0') : null;
}
