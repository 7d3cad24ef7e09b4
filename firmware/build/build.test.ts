import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { costOf, overBudget } from './budget.ts';
import { buildProgram, checkProgram } from './build.ts';
import { minifyForEspruino } from './minify.ts';
import { shortenable } from './short-names.ts';
import { RESERVED_WORDS } from './subset/missing.ts';
import { toEspruino } from './transform.ts';
import { countVariables } from './variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'firmware-build-'));
afterAll(() => rmSync(folder, { recursive: true }));

function source(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a build', () => {
  it('of every app of the kit is within the budget, with TLS as well', { timeout: 120_000 }, async () => {
    for (const app of ['sos', 'echo', 'button', 'sensor', 'thermometer', 'updatable']) {
      const program = await buildProgram(resolve(`firmware/apps/${app}.ts`), '{"server":"wss://relay/"}');
      expect(overBudget(costOf(program), program.parts), app).toBe('');
    }
  });

  it('goes without the rules and messages of the config, which it has parsed and completed', async () => {
    const { code, parts } = await buildProgram(resolve('firmware/apps/sos.ts'), '{"outbox":7}');
    expect(code).toContain('outbox:7');
    expect(code).toContain('socket_delay_ms:0');
    expect(code).not.toMatch(/expected|did you mean/);
    expect(parts.find(({ file }) => file === 'firmware/nearest.ts')).toEqual({ file: 'firmware/nearest.ts', bytes: 0 });
  });

  it.each<[object, string[]]>([
    [{ server: 'ws://relay/' }, []],
    [{ server: 'wss://relay/' }, ['tls-keeper']],
    [{ server: 'ws://user@relay/' }, ['basic-authorization']],
    // A redirect may lead to TLS.
    [{ server: 'ws://relay/', redirects: 1 }, ['tls-keeper', 'redirecting-client']],
  ])('holds of TLS, redirects and authorisation what %j needs, and nothing of what judges certificates', async (config, needed) => {
    const { parts } = await buildProgram(resolve('firmware/apps/sos.ts'), JSON.stringify(config));
    for (const name of ['tls-keeper', 'tls-verification', 'tls-clock', 'redirecting-client', 'basic-authorization']) {
      const { bytes = 0 } = parts.find(({ file }) => file === `firmware/channel/${name}.ts`) ?? {};
      expect([name, bytes > 100]).toEqual([name, needed.includes(name)]);
    }
  });

  it.each([
    ['sos', []],
    ['sensor', ['files', 'i2c', 'power', 'resets']],
  ])('of %s has no part of the HAL that it never names', async (app, needed) => {
    const { parts } = await buildProgram(resolve(`firmware/apps/${app}.ts`), '{}');
    const used = ['adc', 'files', 'i2c', 'pins', 'power', 'resets', 'spi', 'station', 'uart'].filter((name) => {
      const { bytes = 0 } = parts.find(({ file }) => file === `hal/espruino/${name}.ts`) ?? {};
      return bytes > 100;
    });
    expect(used).toEqual(needed);
  });

  it('leaves the names of headers alone', async () => {
    const config = { headers: { unanswered: '1', readDelayMs: '2' } };
    const { code } = await buildProgram(resolve('firmware/apps/sos.ts'), JSON.stringify(config));
    expect(code).toContain('headers:{unanswered:"1",readDelayMs:"2"}');
  });

  it('carries the certificate and the key of a wss:// config as DER, under names that stay, and no authority', async () => {
    const ssl = { cert: 'socket', key: 'a key', ca: 'ca.der', cert_reqs: 0 };
    const pem = `Subject: CN=board\n-----BEGIN CERTIFICATE-----\n${btoa('c\xff').slice(0, 2)}\n${btoa('c\xff').slice(2)}\n-----END CERTIFICATE-----\n`;
    const config = JSON.stringify({ server: 'wss://relay/', ssl });
    const files = { socket: pem, 'a key': 'k\x00', 'ca.der': 'authority' };
    const { code, filesBytes } = await buildProgram(resolve('firmware/apps/sos.ts'), config, files);
    expect(code).toMatch(/\(\{"?socket"?:atob\("Y\/8="\),"a key":atob\("awA="\)\}\)/);
    expect(filesBytes).toBe('"socket":atob("Y/8=")"a key":atob("awA=")'.length);
    expect(code).not.toContain(btoa('authority'));
  });

  it('is refused on a config with errors', async () => {
    await expect(buildProgram(resolve('firmware/apps/sos.ts'), '{"outbox":-1}')).rejects.toThrow('outbox: expected an integer');
  });

  it('names what it consists of, largest first', async () => {
    const { parts } = await buildProgram(resolve('firmware/apps/sos.ts'), '{}');
    expect(parts.map(({ file }) => file)).toEqual(expect.arrayContaining(['firmware/websocket/client.ts', 'hal/espruino/net.ts']));
    expect(parts.map(({ bytes }) => bytes)).toEqual(parts.map(({ bytes }) => bytes).sort((a, b) => b - a));
  });

  it('leaves the names of the language alone where the kit has the same', async () => {
    expect((await buildProgram(resolve('firmware/apps/sos.ts'), '{}')).code).toContain('Date.now()');
  });

  it('is ASCII, holds the config, and has a readable twin with the real names', async () => {
    const { code, readable } = await buildProgram(resolve('firmware/apps/sos.ts'), '{"wifi":{"SSID":"caf\xc3\xa9"}}');
    expect(code).toMatch(/^[\n -~]*$/);
    expect(code).toContain('SSID:"caf\\xc3\\xa9"');
    expect(readable).toContain('webSocketOnMessage');
    expect(code).not.toContain('webSocketOnMessage');
  });

  it('takes an app from outside of the kit, which imports the kit by name', async () => {
    const app = source(
      'app.ts',
      `import { createChannel } from 'firmware/channel'; export function app(hal, config) { createChannel(hal, config).send('mine'); }`,
    );
    expect((await buildProgram(app, '{}')).code).toContain('mine');
  });

  it('takes in JSON that the app imports, under its own names', async () => {
    source('data.json', '{"pingedAtMs":[1,2]}');
    const app = source('json.ts', `import data from './data.json'; export function app(hal) { hal.log.line(JSON.stringify(data)); }`);
    expect((await buildProgram(app, '{}')).code).toMatch(/{pingedAtMs:\[1,2\]}/);
  });

  it('leaves a name alone that the app uses on an object of its own', async () => {
    const app = source('own.ts', `export function app(hal, config) { const job = JSON.parse('{}'); hal.log.line(job.pingedAtMs); }`);
    expect((await buildProgram(app, '{}')).code).toContain('.pingedAtMs');
  });

  it('names the place of what Espruino cannot run, in the app and in what it imports', async () => {
    source('part.ts', 'export const seen = new Set();');
    const app = source('bad.ts', `import { seen } from './part.ts';\nexport async function app() { seen.add(1); }`);
    await expect(buildProgram(app, '{}')).rejects.toThrow(/part\.ts:1:25: Set does not exist: use .*\n?/);
    await expect(buildProgram(app, '{}')).rejects.toThrow(/bad\.ts:2:8: async function: use a callback/);
  });

  it('names the place of a wrong type, and passes on what is a warning only', async () => {
    const app = source('types.ts', `export function app(hal) { const n: number = 'x'; hal.channel.send('\xfc' + n); }`);
    await expect(buildProgram(app, '{}')).rejects.toThrow(/types\.ts:1:34: Type 'string' is not assignable to type 'number'/);
    const { warnings } = await buildProgram(source('warned.ts', `export function app(hal) { hal.channel.send('\xfc'); }`), '{}');
    expect(warnings).toMatchObject([{ line: 1, column: 45, severity: 'warning' }]);
  });

  it('names the place of a syntax error and of an import that leads nowhere', async () => {
    await expect(buildProgram(source('syntax.ts', 'export const x = ;'), '{}')).rejects.toThrow(/syntax\.ts:1:18: Unexpected ";"/);
    await expect(buildProgram(source('lost.ts', `import './nowhere.ts';`), '{}')).rejects.toThrow(/lost\.ts:1:8: Could not resolve/);
  });
});

describe('the Espruino backend and every app of the kit', () => {
  it('are within the subset of JavaScript that Espruino runs', async () => {
    const files = [
      'hal/espruino/index.ts',
      'firmware/boot.ts',
      'firmware/apps/sos.ts',
      'firmware/apps/echo.ts',
      'firmware/apps/button.ts',
      'firmware/apps/sensor.ts',
      'firmware/apps/thermometer.ts',
    ];
    expect(await checkProgram(files.map((file) => resolve(file)))).toEqual([]);
  });
});

describe('the transform', () => {
  it.each([
    ['f(); function f() {}', /^function f\(\) \{\}\s*f\(\);/],
    ['if (x) { f(); function f() {} }', /\{\s*var f = function \(\) \{\};\s*f\(\);/],
    ['function f(a = 1) { return a; }', /if \(a === void 0\)/],
    ['const { a, ...rest } = o;', /var _o = o,\s*a = _o\.a/],
    ['f(a?.b ?? c, 2 ** 3, ...d);', /Math\.pow\(2, 3\)/],
    ['var A = class B { f() { return new B(); } };', /class \{\s*f\(\) \{\s*return new A\(\)/],
    [
      'class A { constructor(a, b) {} } class B extends A { constructor() { super(...arguments); this.c = 1; } }',
      /constructor\((\w+), (\w+)\) \{\s*super\(\1, \2\);/,
    ],
  ])('turns %s into what Espruino runs', async (code, expected) => {
    expect(await toEspruino(code)).toMatch(expected);
  });

  it('adds no helper that looks for Symbol', async () => {
    const code = await toEspruino('const [a, b = 2, ...c] = x; for (const y of c) f(() => y, [...a, ...b]); const { d = 1 } = { ...x };');
    expect(code).not.toMatch(/Symbol|iterator/);
  });
});

describe('names that may be shortened', () => {
  const kit = (text: string) => ({ text, owner: 'kit' as const });
  const outside = (text: string) => ({ text, owner: 'outside' as const });

  it('are those the kit declares', () => {
    expect(shortenable([kit('class A { ping() {} rtt = 1; } const b = { pong: 2 };')])).toEqual(['ping', 'pong', 'rtt']);
  });

  it('may be parameters in the declarations of the engine, not what is declared', () => {
    const engine = 'interface Socket { open(bytes: string, o: { host: string }): void } declare function stop(delayMs: number): void;';
    const names = ['open', 'bytes', 'host', 'stop', 'delayMs'];
    expect(shortenable([kit(`class A { ${names.map((name) => `${name} = 1;`).join(' ')} }`), outside(engine)])).toEqual([
      'bytes',
      'delayMs',
    ]);
  });

  it('are none that an app, a string, the engine or the language knows', () => {
    const sources = [
      kit("class A { ping() {} pong() {} push() {} rtt = 'pong'; state() {} }"),
      outside('x.ping(); declare const y: { state: 1 };'),
    ];
    expect(shortenable(sources)).toEqual(['rtt']);
  });
});

describe('the budget', () => {
  const parts = [4000, 3000, 2000, 1000].map((bytes, i) => ({ file: `${'abcd'[i]}.ts`, bytes }));
  const { kinds } = countVariables('var a = 1;');

  it('is passed by a program that holds more than 45 % of the variables; what holds most of them is named, and the biggest parts', () => {
    const cost = { bytes: 1, kinds: { ...kinds, functions: 4000, text: 2000, names: 1373 } };
    expect(overBudget({ ...cost, variables: 7372 }, parts)).toBe('');
    expect(overBudget({ ...cost, variables: 7373 }, parts)).toBe(
      "over budget: the program holds about 7373 of a board's 16383 variables, at most 7372 (45 %) are allowed, because messages need the rest. " +
        'Most of the variables: functions 4000, text 2000, names 1373. The biggest parts in bytes, before the minifier: a.ts 4000, b.ts 3000, c.ts 2000',
    );
  });

  it('is passed by a program that no Storage can hold twice', () => {
    expect(overBudget({ bytes: 458_496, variables: 1, kinds }, parts)).toBe('');
    expect(overBudget({ bytes: 458_497, variables: 1, kinds }, parts)).toContain(
      'the program has 458497 bytes, at most 458496 are allowed',
    );
  });

  it.each([
    ['var a = 1;', 1],
    ['var aName = 100000;', 3],
    ["var t = 'ninechars', u = 'ten of them';", 5],
    ['var o = { a: 1, aLongerKey: [1, 2] };', 8],
    ['function f(a, b) { }', 7],
    ['class A { f(a) { } }', 13],
  ])('counts %s as what a variable of 14 bytes can take', (code, variables) => {
    expect(countVariables(code).total - countVariables('').total).toBe(variables);
  });
});

describe('the minifier', () => {
  it('gives no method and no variable a word of the engine for its name', async () => {
    const names = Array.from({ length: 1500 }, (_, at) => `aName${at}`);
    const code = `class A { ${names.map((name) => `${name}() {}`).join('')} } f(new A());
      f(function () { ${names.map((name) => `var ${name} = f();`).join('')} return [${names}]; });`;
    const minified = await minifyForEspruino(code, names);
    for (const word of RESERVED_WORDS) expect(minified).not.toMatch(new RegExp(`[{};]${word}\\(\\)\\{|[ ,]${word}=`));
    expect(minified).toMatch(/[{};]i[a-mo-z]\(\)\{/);
  });
});
