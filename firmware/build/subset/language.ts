/**
 * The forms of the language that Espruino does not parse, or parses and gets wrong. Names it lacks are in
 * names.ts.
 */
import type { NodePath, TraverseOptions } from '@babel/traverse';
import { BUILT_IN_CLASSES, RESERVED_WORDS } from './missing.ts';
import { regexProblem } from './regex.ts';
import type { Report } from './report.ts';
import { kindOf } from './values.ts';

const CALLBACKS = 'use a callback, and hal.clock.setTimeout to wait';

export function languageRules(report: Report): TraverseOptions {
  return {
    Function({ node }) {
      if (node.async) report(node, 'async function', CALLBACKS);
      if (node.generator) report(node, 'generator', 'fill an array, or pass a callback');
    },
    AwaitExpression: ({ node }) => report(node, 'await', CALLBACKS),
    ForOfStatement({ node }) {
      if (node.await) report(node, 'for await', CALLBACKS);
    },
    LabeledStatement: ({ node }) => report(node, 'label', 'put the loop into a function and return'),
    TaggedTemplateExpression: ({ node }) => report(node, 'tagged template', 'call a function'),
    Import: ({ node }) => report(node, 'import()', 'import at the top of the file'),
    MetaProperty: ({ node }) => report(node, `${node.meta.name}.${node.property.name}`, 'pass what you need as an argument'),
    Super: (path) => checkSuper(path.parentPath, report),
    Class: ({ node, scope }) => {
      const parent = node.superClass;
      if (parent?.type !== 'Identifier') return;
      const binding = scope.getBinding(parent.name)?.path.node;
      if (BUILT_IN_CLASSES.includes(parent.name) && binding === undefined) report(parent, `extends ${parent.name}`, 'keep one in a field');
      const inherited = binding?.type === 'ClassDeclaration' && binding.body.body.some((member) => 'static' in member && member.static);
      if (inherited) report(parent, 'static members are not inherited', 'use functions of the module');
    },
    ClassMethod({ node }) {
      const isAccessor = node.kind === 'get' || node.kind === 'set';
      if (node.static && isAccessor) report(node, 'static accessor', 'use a function of the module');
      if (node.key.type !== 'Identifier' || node.computed)
        report(node.key, 'a method whose name is not a plain word', 'assign a function to a field');
      else if (RESERVED_WORDS.includes(node.key.name))
        report(node.key, `reserved word ${node.key.name} as the name of a method`, 'choose another name');
    },
    ArrowFunctionExpression({ node }) {
      if (node.body.type === 'ClassExpression') report(node.body, 'a class as the body of an arrow function', 'use { return class … }');
    },
    PrivateName({ node }) {
      report(node, `#${node.id.name}`, 'use the modifier private');
    },
    StaticBlock: ({ node }) => report(node, 'static block', 'use statements of the module'),
    SwitchStatement({ node }) {
      const last = node.cases.length - 1;
      const at = node.cases.findIndex(({ test }) => test === null || test === undefined);
      if (at >= 0 && at < last) report(node.cases[at], 'case after default', 'put default last');
    },
    AssignmentExpression: ({ node }) => checkLength(node.left, report),
    UpdateExpression: ({ node }) => checkLength(node.argument, report),
    BigIntLiteral: ({ node }) => report(node, 'BigInt', 'use two numbers of 32 bits'),
    NumericLiteral({ node }) {
      if (node.value >= 2 ** 63 && /^\d+$/.test(String(node.extra?.raw)))
        report(node, 'an integer of more than 63 bits', 'write it with an exponent');
    },
    TemplateElement({ node }) {
      if (/\\\$\{|\$\\\{/.test(node.value.raw)) report(node, 'an escaped ${ in a template', 'use an ordinary string');
    },
    RegExpLiteral({ node }) {
      const problem = regexProblem(node.pattern, node.flags);
      if (problem !== null) report(node, problem[0], problem[1]);
    },
    SpreadElement: (path) => checkSpread(path, report),
    BinaryExpression: (path) => checkInstanceOf(path, report),
    Identifier(path) {
      if (path.node.name === 'arguments' && path.isReferencedIdentifier() && isInArrow(path)) {
        report(path.node, 'arguments in an arrow function', 'name the parameters');
      }
      if (path.node.name === 'arguments' && countsParameters(path)) {
        report(path.node, 'arguments.length counts the parameters that are named, given or not', 'use (...values)');
      }
    },
  };
}

/**
 * `super(…)` works; `super.method()` calls the method of the receiver's class, which is endless recursion in
 * a subclass.
 */
function checkSuper(parent: NodePath | null, report: Report): void {
  const spread = parent?.isCallExpression() ? parent.node.arguments.find(({ type }) => type === 'SpreadElement') : undefined;
  if (spread !== undefined) report(spread, 'a spread in super()', 'name the arguments');
  if (parent?.isMemberExpression()) report(parent.node, 'super.method()', 'give the method of the parent another name and call that');
}

/** On an array it throws. An object's own `length` field is told apart by `this`. */
function checkLength(target: { type: string; property?: unknown; object?: { type: string }; loc?: unknown }, report: Report): void {
  if (target.type !== 'MemberExpression' || target.object?.type === 'ThisExpression') return;
  const property = target.property as { type: string; name?: string };
  if (property.type === 'Identifier' && property.name === 'length') {
    report(target as Parameters<Report>[0], 'assignment to length', 'use splice, or a new array');
  }
}

/** The build makes concat and Object.assign of a spread, which take a text or a typed array for one value. */
function checkSpread({ node, parentPath, scope }: NodePath, report: Report): void {
  if (node.type !== 'SpreadElement') return;
  const kind = kindOf(node.argument, scope);
  if (parentPath?.isArrayExpression() && (kind === 'text' || kind === 'typed array'))
    report(node, `a spread of ${kind} into an array`, 'write a loop');
  if (parentPath?.isObjectExpression() && (kind === 'text' || kind === 'array'))
    report(node, `a spread of ${kind} into an object`, 'write a loop');
}

const ERRORS = ['Error', 'TypeError'];

function checkInstanceOf({ node, scope }: NodePath, report: Report): void {
  if (node.type !== 'BinaryExpression' || node.operator !== 'instanceof' || node.right.type !== 'Identifier') return;
  const { name } = node.right;
  if (!ERRORS.includes(name) || scope.hasBinding(name, true)) return;
  report(
    node,
    `instanceof ${name}: no error is an instance of another kind, and the engine throws text, too`,
    'look whether there is a message',
    'warning',
  );
}

function isInArrow(path: NodePath): boolean {
  return path.getFunctionParent()?.isArrowFunctionExpression() === true;
}

function countsParameters({ node, parent, scope }: NodePath): boolean {
  const isLength =
    parent.type === 'MemberExpression' &&
    parent.object === node &&
    parent.property.type === 'Identifier' &&
    parent.property.name === 'length';
  const block = scope.getFunctionParent()?.block;
  return isLength && block !== undefined && 'params' in block && block.params.length > 0;
}
