/**
 * Characters. A board's strings have one byte per character, so none above U+00FF can be in a literal; and
 * text is its UTF-8 bytes wherever it leaves the program, so `send` refuses a literal such as 'Küche', which
 * is one byte per character and no UTF-8.
 */
import type { Node, NodePath, Scope, TraverseOptions } from '@babel/traverse';
import type { Report } from './report.ts';
import { constantOf } from './values.ts';

/** How far a sent value is followed through constants and operators. */
const DEPTH_MAX = 8;
/** Of a literal, characters of its bytes that a message shows. */
const BYTES_SHOWN_MAX = 60;

export function textRules(report: Report): TraverseOptions {
  return {
    StringLiteral: ({ node }) => checkCharacters(node, node.value, report),
    TemplateElement: ({ node }) => checkCharacters(node, node.value.cooked ?? node.value.raw, report),
    RegExpLiteral: ({ node }) => checkCharacters(node, unescaped(node.pattern), report),
    CallExpression: (path) => checkSend(path, report),
    OptionalCallExpression: (path) => checkSend(path, report),
  };
}

function checkCharacters(node: Node, text: string, report: Report): void {
  const wide = wideCharacter(text);
  if (wide !== null) report(node, wide[0], wide[1]);
}

function unescaped(pattern: string): string {
  return pattern.replace(/\\u\{?([0-9a-fA-F]{2,6})\}?/g, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

/** [what is wrong, what to write instead] for the first character above U+00FF, or null. */
export function wideCharacter(text: string): [string, string] | null {
  const wide = /[^\0-\xff]/u.exec(text);
  if (wide === null) return null;
  const code = (wide[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return [`character U+${code} above U+00FF`, `write its UTF-8 bytes, ${escaped(wide[0])}`];
}

function checkSend({ node, scope }: NodePath, report: Report): void {
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return;
  const { callee } = node;
  if ((callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') || callee.computed) return;
  if (callee.property.type !== 'Identifier' || callee.property.name !== 'send') return;
  const [data, binary] = node.arguments;
  if (data === undefined || (binary?.type === 'BooleanLiteral' && binary.value)) return;
  for (const { piece, text } of textsOf(data, scope, DEPTH_MAX)) {
    if (isUtf8(text) || wideCharacter(text) !== null) continue;
    const bytes = escaped(text);
    const known = bytes.length <= BYTES_SHOWN_MAX ? ` (here ${bytes})` : '';
    report(
      piece,
      'send takes text as its UTF-8 bytes, one character each, and refuses this (not_utf8)',
      `use utf8Encode of firmware/websocket/utf8, or write the bytes${known}`,
      'warning',
    );
  }
}

/** The literals that become part of the value of `node`, whatever the rest of it is. */
function textsOf(node: Node, scope: Scope, depth: number): { piece: Node; text: string }[] {
  const inside = (...nodes: (Node | null | undefined)[]) =>
    nodes.flatMap((part) => (part && depth > 0 ? textsOf(part, scope, depth - 1) : []));
  switch (node.type) {
    case 'StringLiteral':
      return [{ piece: node, text: node.value }];
    case 'TemplateLiteral':
      return [...node.quasis.map((piece) => ({ piece, text: piece.value.cooked ?? '' })), ...inside(...node.expressions)];
    case 'BinaryExpression':
      return node.operator === '+' ? inside(node.left, node.right) : [];
    case 'LogicalExpression':
      return inside(node.left, node.right);
    case 'ConditionalExpression':
      return inside(node.consequent, node.alternate);
    case 'ArrayExpression':
      return inside(...node.elements);
    case 'ObjectExpression':
      return inside(...node.properties);
    case 'ObjectProperty':
      return inside(node.key.type === 'StringLiteral' ? node.key : null, node.value);
    case 'CallExpression':
      return isStringify(node.callee) ? inside(node.arguments[0]) : [];
    case 'Identifier':
      return inside(constantOf(node.name, scope));
    default:
      return [];
  }
}

function isStringify(callee: Node): boolean {
  const { object, property } = callee.type === 'MemberExpression' ? callee : {};
  return object?.type === 'Identifier' && object.name === 'JSON' && property?.type === 'Identifier' && property.name === 'stringify';
}

function isUtf8(text: string): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
    return true;
  } catch {
    return false;
  }
}

/** As it is written in a literal. */
function escaped(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return `"${JSON.stringify(bytes)
    .slice(1, -1)
    .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}
