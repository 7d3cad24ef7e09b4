import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkTypes } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'firmware-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** `line:column: message` of what is found in an app with this body. */
async function typesOf(name: string, body: string): Promise<string[]> {
  const head = "import { createChannel, type DeviceConfig } from 'firmware/channel'; import type { Hal } from 'hal';";
  const app = file(name, `${head}\nexport function app(hal: Hal, config: DeviceConfig): void {\n${body}\n}\n`);
  const { findings, skipped } = await checkTypes([app]);
  expect(skipped).toBe('');
  return findings.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('the check of types', () => {
  it('knows the HAL and the channel', async () => {
    const body = "hal.random.next();\nconst channel = createChannel(hal, config);\nif (channel.state === 'open') hal.log.line(5);";
    expect(await typesOf('hal.ts', body)).toEqual([
      "3:12: Property 'next' does not exist on type 'Random'",
      "5:5: This comparison appears to be unintentional because the types '() => ChannelState' and 'string' have no overlap",
      "5:44: Argument of type 'number' is not assignable to parameter of type 'string'",
    ]);
  });

  it("finds what the board's library lacks, on whatever it is called, and says what to write", async () => {
    const body = [
      'function words(): string[] { return []; }',
      'for (const word of words().values()) hal.log.line(word);',
      'hal.log.line(app.name);',
      'const rest: Uint8Array = new Uint8Array(2).slice(1);',
      'setTimeout(app, 5);',
      'const { text }: { text: string } = JSON.parse("{}"); hal.log.line([...text].join());',
    ].join('\n');
    expect(await typesOf('library.ts', body)).toEqual([
      '4:28: .values of string[] does not exist: loop over the index',
      "5:18: Property 'name' does not exist on type '(hal: Hal, config: DeviceConfig) => void'",
      "6:7: Type 'number[]' is not assignable to type 'Uint8Array'",
      '7:1: setTimeout is not for an app: use hal.clock.setTimeout, again and again for an interval',
      '8:71: only an array can be spread into an array: write a loop',
    ]);
  });

  it('lets pass what the board can do and the library of ES5 has not', async () => {
    const body = [
      'const bytes = new Uint8Array([1, 2]); for (const byte of bytes) hal.log.line(String(byte));',
      "Math.max(...bytes); for (const letter of 'abc') hal.log.line(letter.padStart(3, '0'));",
      'const [first, ...others] = [1, 2, 3].filter((n) => n > 1); hal.log.line(`${first}${others.includes(3)}`);',
      'Promise.all([Promise.resolve(1)]).then(([n]) => hal.log.line(n.toFixed(1))).catch(() => {});',
      "for (const [key, value] of Object.entries({ a: 1 })) hal.log.line(key + value); console.log('seen');",
      "class Part { constructor(readonly name: string) {} } hal.log.line(new Part('x').name);",
    ].join('\n');
    expect(await typesOf('modern.ts', body)).toEqual([]);
  });

  it("goes by the user's tsconfig.json, the nearest to the app, for what concerns types only", async () => {
    const body = 'const unused = 1; const o: { a?: number } = {}; const n: number = o.a;';
    expect(await typesOf('plain.ts', body)).toEqual([expect.stringContaining("Type 'number | undefined' is not assignable")]);
    const options = {
      strict: false,
      noUnusedLocals: true,
      target: 'es5',
      lib: ['DOM'],
      moduleResolution: 'node',
      rootDir: 'src',
      composite: true,
    };
    file('loose/tsconfig.json', JSON.stringify({ compilerOptions: options, include: ['src'] }));
    expect(await typesOf('loose/deep/app.ts', `${body} const m = new Map();`)).toEqual([expect.stringContaining("Cannot find name 'Map'")]);
  });

  it("says what is wrong with the user's tsconfig.json, at its place", async () => {
    const config = file('wrong/tsconfig.json', '{ "compilerOptions": {\n  "strct": true } }');
    const { findings } = await checkTypes([file('wrong/app.ts', 'export const x = 1;')]);
    expect(findings).toEqual([{ file: relative(process.cwd(), config), line: 2, column: 3, message: "Unknown compiler option 'strct'" }]);
  });

  it("does not hold the kit's own sources against a user who is stricter than the kit", async () => {
    file(
      'strict/tsconfig.json',
      JSON.stringify({ compilerOptions: { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true } }),
    );
    expect(await typesOf('strict/app.ts', 'createChannel(hal, config);')).toEqual([]);
  });

  it('says that it is skipped where TypeScript is not installed, or does not run', async () => {
    const app = file('any.ts', 'export const x: string = 1;');
    expect(await checkTypes([app], null)).toEqual({
      findings: [],
      skipped: 'types are not checked, because TypeScript is not installed: npm i -D typescript',
    });
    const broken = file('broken.cjs', "throw new Error('Unable to resolve @typescript/typescript-x');");
    expect(await checkTypes([app], broken)).toEqual({
      findings: [],
      skipped: 'types are not checked, because TypeScript does not run: Error: Unable to resolve @typescript/typescript-x',
    });
  });
});
