/**
 * Globals, static members and methods that Espruino lacks (missing.ts), found where they are used as values.
 */
import type { Node, NodePath, TraverseOptions } from '@babel/traverse';
import { MISSING_GLOBALS, MISSING_METHODS, MISSING_STATICS } from './missing.ts';
import type { Report } from './report.ts';
import { kindOf } from './values.ts';

/**
 * @param declared members of the app's own classes and objects: a method of such a name may be one of them,
 *   and only types could tell
 */
export function nameRules(report: Report, declared: ReadonlySet<string>): TraverseOptions {
  return {
    ReferencedIdentifier(path: NodePath) {
      const { node } = path;
      if (node.type !== 'Identifier' || path.scope.hasBinding(node.name, true)) return;
      const instead = own(MISSING_GLOBALS, node.name);
      if (instead !== undefined) report(node, `${node.name} does not exist`, instead);
    },
    MemberExpression: (path) => checkMember(path, report, declared),
    OptionalMemberExpression: (path) => checkMember(path, report, declared),
  } as TraverseOptions;
}

function checkMember(path: NodePath, report: Report, declared: ReadonlySet<string>): void {
  const { node } = path;
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return;
  if (node.computed || node.property.type !== 'Identifier') return;
  checkStatic(path, node, node.property.name, report);
  const isCalled = path.key === 'callee' && (path.parentPath?.isCallExpression() || path.parentPath?.isOptionalCallExpression());
  const { name } = node.property;
  const isBuiltIn = !declared.has(name) || kindOf(node.object, path.scope) !== null;
  if (isCalled && isBuiltIn && node.object.type !== 'ThisExpression' && !isGlobal(path, node.object)) checkMethod(path, node, name, report);
}

/** `Object` in `Object.keys(x)`. */
function isGlobal({ scope }: NodePath, { type, name = '' }: Expression): boolean {
  return type === 'Identifier' && /^[A-Z]/.test(name) && !scope.hasBinding(name, true);
}

function checkStatic(path: NodePath, node: Member, name: string, report: Report): void {
  const { object } = node;
  if (isBuiltInPrototype(path, object, name))
    report(node, 'a method of a built-in prototype as a value', 'call it on an object, or write a loop');
  if (object.type !== 'Identifier' || object.name === undefined || path.scope.hasBinding(object.name, true)) return;
  const instead = own(own(MISSING_STATICS, object.name) ?? {}, name);
  if (instead !== undefined) report(node, `${object.name}.${name} does not exist`, instead);
}

function checkMethod(path: NodePath, node: Member, name: string, report: Report): void {
  const instead = own(MISSING_METHODS, name);
  if (instead !== undefined) report(node, `.${name}() does not exist`, instead);
  // Strings have it, so it takes a look at what it is called on.
  if (name === 'lastIndexOf' && kindOf(node.object, path.scope) === 'array')
    report(node, '.lastIndexOf() of an array does not exist', 'loop from the end');
}

/** What these rules look at in a node. */
type Expression = Node & { name?: string; object?: Expression; property?: Expression };
type Member = Node & { object: Expression };

/**
 * `Array.prototype` or `String.prototype`, of which a member is about to be taken; of `Object.prototype` all
 * but `hasOwnProperty`.
 */
function isBuiltInPrototype(path: NodePath, { type, object, property }: Expression, member: string): boolean {
  if (type !== 'MemberExpression' || object?.type !== 'Identifier' || property?.name !== 'prototype') return false;
  if (object.name === 'Object' && member === 'hasOwnProperty') return false;
  return /^(Array|String|Object)$/.test(object.name ?? '') && !path.scope.hasBinding(object.name ?? '', true);
}

/** Own keys only: `constructor` is nobody's replacement. */
function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
