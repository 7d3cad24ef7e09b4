/** Globals, static members and methods that Espruino lacks (subset-missing.ts), found where they are used as values. */
import type { NodePath, TraverseOptions } from '@babel/traverse';
import { MISSING_GLOBALS, MISSING_METHODS, MISSING_STATICS } from './subset-missing.ts';
import type { Report } from './subset-report.ts';

/** Methods that give an array, on whatever they are called. */
const ARRAY_MAKERS = ['split', 'map', 'filter', 'splice', 'reverse', 'sort'];

export function nameRules(report: Report): TraverseOptions {
  return {
    ReferencedIdentifier(path: NodePath) {
      const { node } = path;
      if (node.type !== 'Identifier' || path.scope.hasBinding(node.name, true)) return;
      const instead = own(MISSING_GLOBALS, node.name);
      if (instead !== undefined) report(node, `${node.name} does not exist`, instead);
    },
    MemberExpression: (path) => checkMember(path, report),
    OptionalMemberExpression: (path) => checkMember(path, report),
  } as TraverseOptions;
}

function checkMember(path: NodePath, report: Report): void {
  const { node } = path;
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return;
  if (node.computed || node.property.type !== 'Identifier') return;
  checkStatic(path, node, node.property.name, report);
  const isCalled = path.key === 'callee' && (path.parentPath?.isCallExpression() || path.parentPath?.isOptionalCallExpression());
  if (isCalled && node.object.type !== 'ThisExpression') checkMethod(path, node, node.property.name, report);
}

function checkStatic(path: NodePath, node: Member, name: string, report: Report): void {
  const { object } = node;
  if (isBuiltInPrototype(path, object))
    report(node, 'a method of a built-in prototype as a value', 'call it on an object, or write a loop');
  if (object.type !== 'Identifier' || object.name === undefined || path.scope.hasBinding(object.name, true)) return;
  const instead = own(own(MISSING_STATICS, object.name) ?? {}, name);
  if (instead !== undefined) report(node, `${object.name}.${name} does not exist`, instead);
}

function checkMethod(path: NodePath, node: Member, name: string, report: Report): void {
  const instead = own(MISSING_METHODS, name);
  if (instead !== undefined) report(node, `.${name}() does not exist`, instead);
  // Strings have it, so it takes a look at what it is called on.
  if (name === 'lastIndexOf' && looksLikeArray(path, node.object))
    report(node, '.lastIndexOf() of an array does not exist', 'loop from the end');
}

/** What these rules look at in a node. */
type Expression = { type: string; name?: string; object?: Expression; property?: Expression; callee?: Expression };
type Member = Parameters<Report>[0] & { object: Expression };

/** `Array.prototype` or `String.prototype`, of which a member is about to be taken. */
function isBuiltInPrototype(path: NodePath, { type, object, property }: Expression): boolean {
  if (type !== 'MemberExpression' || object?.type !== 'Identifier' || property?.name !== 'prototype') return false;
  return (object.name === 'Array' || object.name === 'String') && !path.scope.hasBinding(object.name, true);
}

function looksLikeArray(path: NodePath, expression: Expression): boolean {
  if (expression.type === 'ArrayExpression') return true;
  if (expression.type === 'CallExpression') return ARRAY_MAKERS.includes(expression.callee?.property?.name ?? '');
  if (expression.type !== 'Identifier' || expression.name === undefined) return false;
  const binding = path.scope.getBinding(expression.name);
  if (binding === undefined) return false;
  const annotation = (binding.identifier.typeAnnotation as { typeAnnotation?: Expression } | null | undefined)?.typeAnnotation;
  const init = binding.path.isVariableDeclarator() ? binding.path.node.init : null;
  return (
    annotation?.type === 'TSArrayType' ||
    (init !== null && init !== undefined && init.type !== 'Identifier' && looksLikeArray(path, init as Expression))
  );
}

/** Own keys only: `constructor` is nobody's replacement. */
function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
