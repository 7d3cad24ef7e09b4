import { describe, expect, it } from 'vitest';
import { checkSubset } from './subset.ts';

/** Each line is a whole program, with a part of what must be said about it. */
const BAD: [string, string][] = [
  ['async function f() {}', 'async function'],
  ['const f = async () => {};', 'async function'],
  ['class A { async f() {} }', 'async function'],
  ['await x;', 'await'],
  ['async function f() { for await (const x of y) g(x); }', 'for await'],
  ['function* f() { yield 1; }', 'generator'],
  ['a: for (;;) break a;', 'label'],
  ['class A { #x = 1; }', '#x'],
  ['class A { #f() {} }', '#f'],
  ['tag`x`;', 'tagged template'],
  ['const n = 1n;', 'BigInt'],
  ['const n = BigInt(1);', 'BigInt does not exist'],
  ['new Map();', 'Map does not exist'],
  ['new Set();', 'Set does not exist'],
  ['new WeakMap();', 'WeakMap does not exist'],
  ['const s = Symbol();', 'Symbol does not exist'],
  ['const o = { [Symbol.iterator]: 1 };', 'Symbol does not exist'],
  ['new Proxy({}, {});', 'Proxy does not exist'],
  ['Reflect.ownKeys({});', 'Reflect does not exist'],
  ['new TextEncoder();', 'TextEncoder does not exist'],
  ['queueMicrotask(f);', 'queueMicrotask does not exist'],
  ["Buffer.from('x');", 'Buffer does not exist'],
  ['throw new RangeError();', 'RangeError does not exist'],
  ['Promise.race([]);', 'Promise.race does not exist'],
  ['p.finally(f);', '.finally() does not exist'],
  ['class E extends Error {}', 'extends Error'],
  ['class A extends Array {}', 'extends Array'],
  ['class A extends B { f() { super.f(); } }', 'super.method()'],
  ['class A { static get x() { return 1; } }', 'static accessor'],
  ['class A { static set x(v) {} }', 'static accessor'],
  ['class A { static f() {} } class B extends A {}', 'static members are not inherited'],
  ['class A { static { f(); } }', 'static block'],
  ['class A { delete() {} }', 'reserved word delete'],
  ['class A { of() {} }', 'reserved word of'],
  ['switch (x) { default: f(); break; case 1: g(); }', 'case after default'],
  ['a.length = 0;', 'assignment to length'],
  ['a.b.length--;', 'assignment to length'],
  ["const s = '\u2603';", 'U+2603'],
  ["const s = '\\u2603';", 'U+2603'],
  ['const s = `a${b}\u0100`;', 'U+0100'],
  ['const r = /\\u0141/;', 'U+0141'],
  ['const s = Array.prototype.slice;', 'built-in prototype'],
  ['Array.prototype.slice.call(x);', 'built-in prototype'],
  ['function f() { return () => arguments.length; }', 'arguments in an arrow'],
  ['const r = /a(?=b)/;', 'lookahead'],
  ['const r = /(?<!a)b/;', 'lookahead'],
  ['const r = /(?:a)b/;', '(?'],
  ['const r = /a?b/;', 'quantifier ?'],
  ['const r = /a+?/;', 'lazy'],
  ['const r = /a{3}/;', 'counted'],
  ['const r = /(ab)+/;', 'repeated group'],
  ['const r = /(a|b)c/;', 'alternatives'],
  ['const r = /\\bword/;', '\\b'],
  ['const r = /(a)\\1/;', '\\1'],
  ['const r = /a/u;', 'flags'],
  ['const r = /[^a/b]/;', '/ in a class'],
  ['Math.trunc(x);', 'Math.trunc does not exist'],
  ['Math.imul(a, b);', 'Math.imul does not exist'],
  ['Math.clz32(x);', 'Math.clz32 does not exist'],
  ['Number.isInteger(x);', 'Number.isInteger does not exist'],
  ['Number.isFinite(x);', 'Number.isFinite does not exist'],
  ['Array.from(x);', 'Array.from does not exist'],
  ['Object.freeze(x);', 'Object.freeze does not exist'],
  ['x.flat();', '.flat() does not exist'],
  ['x?.at(-1);', '.at() does not exist'],
  ['[1].lastIndexOf(1);', '.lastIndexOf() of an array'],
  ["'a,b'.split(',').lastIndexOf('a');", '.lastIndexOf() of an array'],
  ['const a: number[] = f(); a.lastIndexOf(1);', '.lastIndexOf() of an array'],
  ['const a = [1]; a.lastIndexOf(1);', '.lastIndexOf() of an array'],
  ["import('x');", 'import()'],
  ['f(import.meta);', 'import.meta'],
];

const GOOD = [
  'const { a, ...rest } = o; const [b = 1] = [...c]; f?.(a ?? b, ...rest, 2 ** 3, `x${a}`);',
  'class A { private x = 1; static f() {} get y() { return this.x; } constructor() { this.x++; } }',
  'class B extends A { constructor() { super(); } g() { return new.target === undefined; } }'.replace('new.target === undefined', 'this.y'),
  'class Ring { length = 0; clear() { this.length = 0; } at(i: number) { return i; } first() { return this.at(0); } }',
  'const m: Map<string, Promise<Set<symbol>>> | null = null; let b = m as WeakMap<object, bigint> | null;',
  'interface I { map: Map<string, number> } type T = I | Set<number>; function f<X extends Map<string, X>>(x: X): Symbol | X { return x; }',
  'class Map {} new Map(); function f(Set: () => void) { Set(); }',
  'const o = { Map: 1, delete: 2, of: 3 }; f(o.Map, o.delete);',
  "const i = 'a/b'.lastIndexOf('/'); function f(path: string) { return path.lastIndexOf('.'); }",
  "const s = 'caf\\xe9', r = /c|^a[^ -~]*b+$/gi, q = /\\?[?{]x\\)/, p = /^\\/[\\/]\\[\\/[\\x2f]/;",
  'switch (x) { case 1: f(); break; default: g(); }',
  'function f() { return arguments.length; }',
  'try { f(); } catch { g(); } finally { h(); }',
];

describe('the checker of the Espruino subset', () => {
  it.each(BAD)('reports %s', (source, message) => {
    expect(
      checkSubset(source, 'x.ts')
        .map((finding) => finding.message)
        .join('\n'),
    ).toContain(message);
  });

  it.each(GOOD)('lets pass %s', (source) => {
    expect(checkSubset(source, 'x.ts')).toEqual([]);
  });

  it('gives the place, in order, and what to write instead', () => {
    expect(checkSubset('f();\n  new Set();\nMath.trunc(new Map());\n', 'app.ts')).toEqual([
      { file: 'app.ts', line: 2, column: 7, message: 'Set does not exist: use an object with string keys, or an array and indexOf' },
      {
        file: 'app.ts',
        line: 3,
        column: 1,
        message: 'Math.trunc does not exist: use x < 0 ? Math.ceil(x) : Math.floor(x), or x | 0 within 32 bits',
      },
      { file: 'app.ts', line: 3, column: 16, message: 'Map does not exist: use an object with string keys' },
    ]);
  });

  it('reports a file that does not parse, with its place', () => {
    expect(checkSubset('let x = ;', 'app.ts')).toEqual([{ file: 'app.ts', line: 1, column: 9, message: 'Unexpected token' }]);
  });
});
