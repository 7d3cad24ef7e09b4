/**
 * Runs constructs in Node and, built as an app would be, in an engine; what came of each is a line of text
 * that looks the same in both.
 */
import { createContext, runInContext } from 'node:vm';
import { parseExpression } from '@babel/parser';
import { transform } from 'esbuild';
import { minifyForEspruino } from '../../build/minify.ts';
import { toEspruino } from '../../build/transform.ts';
import { Engine } from '../espruino.ts';
import type { Construct } from './construct.ts';
import { INSTANCES } from './names.ts';

/**
 * For what is done later; and so long an engine may say nothing before it is taken for one that never ends.
 */
const PATIENCE_MS = 3000;
const LOOK_EVERY_MS = 10;

/** In the words of an engine that has little. */
const SHOW = `
function $show(v, depth) {
  var type = typeof v, i, s = "";
  if (v === null) return "null";
  if (type === "string") {
    for (i = 0; i < v.length; i++) { var c = v.charCodeAt(i); s += c < 32 || c > 126 ? "<" + c + ">" : v.charAt(i); }
    return '"' + s + '"';
  }
  if (type === "number") return v === 0 && 1 / v < 0 ? "-0" : v !== v ? "NaN" : "" + v;
  if (type === "function") return "function";
  if (type !== "object") return "" + v;
  if (depth > 4) return "deep";
  if (v instanceof Array || v.buffer instanceof ArrayBuffer) {
    for (i = 0; i < v.length; i++) s += (i ? "," : "") + $show(v[i], depth + 1);
    return (v instanceof Array ? "[" : "typed[") + s + "]";
  }
  var keys = Object.keys(v);
  for (i = 0; i < keys.length; i++) s += (i ? "," : "") + keys[i] + ":" + $show(v[keys[i]], depth + 1);
  return "{" + s + "}";
}
function $now(f) { try { $say($show(f(), 0)); } catch (e) { $say("throws"); } }
function $later(f) { var n = $number; try { f(function (v) { $number = n; $say($show(v, 0)); }); } catch (e) { $say("throws"); } }
function id(v) { return v; }
`;

/** A function's body; TypeScript. */
export function bodyOf({ code }: Construct): string {
  try {
    parseExpression(code, { plugins: ['typescript'] });
    return `return (${code});`;
  } catch (error) {
    if (error instanceof SyntaxError) return code;
    throw error;
  }
}

/** What stands before minification, as JavaScript. */
async function compile(construct: Construct): Promise<string> {
  const source = /\bdone\b/.test(construct.code)
    ? `$later(function (done: any) { ${construct.code} });`
    : `$now(function () { ${bodyOf(construct)} });`;
  const options = {
    loader: 'ts',
    target: 'es2021',
    charset: 'ascii',
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  } as const;
  return (await transform(source, options)).code;
}

/** @returns what it gives, `throws`, or `never` for what is not done in time */
export async function runInNode(construct: Construct): Promise<string> {
  const source = await compile(construct);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('never'), PATIENCE_MS);
    const $say = (text: string) => {
      clearTimeout(timer);
      resolve(text);
    };
    // Modules are strict.
    runInContext(`'use strict'; var $number = 0; ${SHOW} ${source}`, createContext({ $say, setTimeout, clearTimeout, atob, btoa }));
  });
}

/** The same of an engine; `fails` of a construct that cannot even be built. */
export async function runInEngine(constructs: readonly Construct[]): Promise<string[]> {
  const built: (string | null)[] = [];
  for (const construct of constructs) built.push(await buildOrNull(construct));
  const results = built.map((source): string => (source === null ? 'fails' : ''));
  // What kills an engine, or keeps it for ever, is the first that has said nothing: the next engine goes on
  // behind it.
  for (let from = 0; from < built.length; ) {
    const { said, isDone } = await runFrom(from, built);
    for (const [number, text] of said) results[number] = text;
    const silent = results.indexOf('', from);
    if (isDone || silent < 0) break;
    results[silent] = 'never';
    from = silent + 1;
  }
  return results.map((text) => text || 'never');
}

async function buildOrNull(construct: Construct): Promise<string | null> {
  try {
    return await minifyForEspruino(await toEspruino(`(function () {${await compile(construct)}})();`), []);
  } catch {
    return null;
  }
}

async function runFrom(from: number, built: readonly (string | null)[]): Promise<{ said: [number, string][]; isDone: boolean }> {
  const tries = built.map((source, at) =>
    source === null || at < from ? '' : `$number=${at};try{eval(${JSON.stringify(source)})}catch(e){$say("throws")}\n`,
  );
  const engine = new Engine(
    `var $number;function $say(t){print("\\n\\x01"+$number+" "+t+"\\x01")}${SHOW}${tries.join('')}setTimeout(function(){print("\\n\\x02")},100);\n`,
  );
  try {
    let length = -1;
    for (let quietMs = 0; quietMs < PATIENCE_MS && !engine.hasEnded && !engine.console.includes('\x02'); quietMs += LOOK_EVERY_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      if (engine.console.length !== length) quietMs = 0;
      length = engine.console.length;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it marks what was said
    const said = [...engine.console.matchAll(/\x01(\d+) ([^\x01]*)\x01/g)].map(([, number, text]): [number, string] => [
      Number(number),
      text,
    ]);
    return { said, isDone: engine.console.includes('\x02') };
  } finally {
    await engine.stop();
  }
}

/** Which of `names` (see names.ts) an engine has. */
export async function namesInEngine(names: readonly string[]): Promise<string[]> {
  const values = names.map((name) => [name, name.replace(/^(\w+)#/, (_, owner: string) => `${INSTANCES[owner]}.`)]);
  const tries = values.map(
    ([name, value]) => `try{eval(${JSON.stringify(`if(typeof ${value}!="undefined")print("\x01${name}\x01")`)})}catch(e){}\n`,
  );
  const engine = new Engine(`${tries.join('')}print("\x02");\n`);
  try {
    for (let waitedMs = 0; waitedMs < PATIENCE_MS * 10 && !engine.console.includes('\x02'); waitedMs += LOOK_EVERY_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it marks what was said
    return [...engine.console.matchAll(/\x01([^\x01]+)\x01/g)].map(([, name]) => name);
  } finally {
    await engine.stop();
  }
}
