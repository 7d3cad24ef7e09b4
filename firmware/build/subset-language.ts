/** The forms of the language that Espruino does not parse, or parses and gets wrong. Names it lacks are in subset-names.ts. */
import type { NodePath, TraverseOptions } from '@babel/traverse';
import { BUILT_IN_CLASSES, RESERVED_WORDS } from './subset-missing.ts';
import { regexProblem } from './subset-regex.ts';
import type { Report } from './subset-report.ts';

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
      if (node.key.type === 'Identifier' && !node.computed && RESERVED_WORDS.includes(node.key.name)) {
        report(node.key, `reserved word ${node.key.name} as the name of a method`, 'choose another name');
      }
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
    StringLiteral: ({ node }) => checkCharacters(node, node.value, report),
    TemplateElement: ({ node }) => checkCharacters(node, node.value.cooked ?? node.value.raw, report),
    RegExpLiteral({ node }) {
      checkCharacters(node, node.pattern, report);
      const problem = regexProblem(node.pattern, node.flags);
      if (problem !== null) report(node, problem[0], problem[1]);
    },
    Identifier(path) {
      if (path.node.name === 'arguments' && path.isReferencedIdentifier() && isInArrow(path)) {
        report(path.node, 'arguments in an arrow function', 'name the parameters');
      }
    },
  };
}

/** `super(…)` works; `super.method()` calls the method of the receiver's class, which is endless recursion in a subclass. */
function checkSuper(parent: NodePath | null, report: Report): void {
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

function checkCharacters(node: Parameters<Report>[0], text: string, report: Report): void {
  const wide = /[^\0-\xff]/.exec(text.replace(/\\u\{?([0-9a-fA-F]{2,6})\}?/g, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16))));
  if (wide !== null)
    report(
      node,
      `character U+${wide[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')} above U+00FF`,
      'write its UTF-8 bytes as \\xNN',
    );
}

function isInArrow(path: NodePath): boolean {
  return path.getFunctionParent()?.isArrowFunctionExpression() === true;
}
