/**
 * What kind of value an expression has, as far as one file tells without types: by its form, its annotation,
 * or the constant it names.
 */
import type { Node, Scope } from '@babel/traverse';
import { TYPED_ARRAY_CLASSES } from './missing.ts';

type Kind = 'text' | 'array' | 'typed array' | 'regex' | 'function' | 'error';

/** Methods that give an array, on whatever they are called. */
const ARRAY_MAKERS = ['split', 'map', 'filter', 'splice', 'reverse', 'sort'];
const TEXT_MAKERS = [
  'toString',
  'toUpperCase',
  'toLowerCase',
  'trim',
  'substring',
  'substr',
  'charAt',
  'join',
  'replace',
  'padStart',
  'padEnd',
  'repeat',
];

/** null: it does not say. */
export function kindOf(node: Node, scope: Scope): Kind | null {
  switch (node.type) {
    case 'StringLiteral':
    case 'TemplateLiteral':
      return 'text';
    case 'ArrayExpression':
      return 'array';
    case 'RegExpLiteral':
      return 'regex';
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'ClassExpression':
      return 'function';
    case 'NewExpression':
      return kindOfNew(node.callee, scope);
    case 'CallExpression':
      return kindOfCall(node.callee);
    case 'BinaryExpression':
      return node.operator === '+' && [node.left, node.right].some((side) => side.type === 'StringLiteral') ? 'text' : null;
    case 'Identifier':
      return kindOfName(node.name, scope);
    default:
      return null;
  }
}

function kindOfNew(callee: Node, scope: Scope): Kind | null {
  if (callee.type !== 'Identifier' || scope.hasBinding(callee.name, true)) return null;
  if (TYPED_ARRAY_CLASSES.includes(callee.name)) return 'typed array';
  if (/^\w*Error$/.test(callee.name)) return 'error';
  return ({ RegExp: 'regex', Array: 'array' } as const)[callee.name] ?? null;
}

function kindOfCall(callee: Node): Kind | null {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return null;
  const { name } = callee.property;
  return ARRAY_MAKERS.includes(name) ? 'array' : TEXT_MAKERS.includes(name) ? 'text' : null;
}

function kindOfName(name: string, scope: Scope): Kind | null {
  const binding = scope.getBinding(name);
  if (binding === undefined) return null;
  const { path, identifier } = binding;
  if (path.isFunctionDeclaration() || path.isClassDeclaration()) return 'function';
  if (path.isCatchClause()) return 'error';
  const { typeAnnotation } = identifier;
  const annotated = typeAnnotation?.type === 'TSTypeAnnotation' ? kindOfType(typeAnnotation.typeAnnotation) : null;
  if (annotated !== null) return annotated;
  const init = constantOf(name, scope);
  return init === null ? null : kindOf(init, path.scope);
}

/** What a constant is set to. */
export function constantOf(name: string, scope: Scope): Node | null {
  const binding = scope.getBinding(name);
  return binding?.constant && binding.path.isVariableDeclarator() ? (binding.path.node.init ?? null) : null;
}

function kindOfType(type: Node): Kind | null {
  switch (type.type) {
    case 'TSStringKeyword':
      return 'text';
    case 'TSArrayType':
    case 'TSTupleType':
      return 'array';
    case 'TSFunctionType':
      return 'function';
    case 'TSTypeReference':
      if (type.typeName.type !== 'Identifier') return null;
      if (TYPED_ARRAY_CLASSES.includes(type.typeName.name)) return 'typed array';
      return ({ RegExp: 'regex', Array: 'array', ReadonlyArray: 'array', Error: 'error' } as const)[type.typeName.name] ?? null;
    case 'TSTypeOperator':
      return kindOfType(type.typeAnnotation);
    default:
      return null;
  }
}
