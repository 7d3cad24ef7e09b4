import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'firmware-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEAD = `import { createChannel, type DeviceConfig } from 'firmware/channel';
import type { Hal } from 'hal';
export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
`;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The command on files of the folder: its exit code, and its lines without the folder. */
async function check(...files: string[]): Promise<[exitCode: number, lines: string[]]> {
  let out = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => expect.fail(text),
  };
  const exitCode = await main(['check', ...files], io);
  return [
    exitCode,
    out
      .trimEnd()
      .replaceAll(`${relative(process.cwd(), folder)}/`, '')
      .split('\n'),
  ];
}

describe('npx tsx firmware check', () => {
  it('finds what an engine ignores, gets wrong or lacks, with the place and what to write', async () => {
    const app = file(
      'field.ts',
      `${HEAD}  const settings = { name: 'kitchen', password: 'secret' };
  channel.onMessage((text) => {
    if (/^led on$/m.test(text)) hal.gpio.write(2, 1);
    for (const word of text.split(' ', 2).values()) hal.log.line(word);
    for (const [i, word] of text.split(' ').entries()) hal.log.line(\`\${i} \${word}\`);
    channel.send(JSON.stringify(settings, ['name']));
    const bytes = Uint8Array.from([1, 2]);
    hal.log.line(JSON.parse('{"t":"5"}', (k, v) => (k === 't' ? Number(v) : v)).t + bytes.length);
    hal.log.line('abc'.replace('b', '[$&]') + [...'xyz'].length);
  });
}
`,
    );
    expect(await check(app)).toEqual([
      2,
      [
        "field.ts:7:9: the flag m does nothing: split('\\n') and look at each line",
        'field.ts:8:24: .values() does not exist: loop over the index',
        'field.ts:8:40: split ignores its limit: use .slice(0, n) after it',
        'field.ts:9:29: .entries() does not exist: loop over the index',
        'field.ts:10:43: JSON.stringify ignores its replacer, and leaves nothing out: make an object of what others may see',
        'field.ts:11:19: Uint8Array.from does not exist: write an array literal, or new Uint8Array([…])',
        'field.ts:12:42: JSON.parse ignores its reviver: change the result afterwards',
        'field.ts:13:37: replace knows only $1 to $9: use a regular expression and a function',
        'field.ts:13:48: a spread of text into an array: write a loop',
      ],
    ]);
  });

  it('refuses modules of Node and packages, with their place, wherever they are named', async () => {
    const app = file(
      'imports.ts',
      `import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
export * from 'net';
import type { Socket } from 'node:net';
import 'hal/node/index';
import './style.css';
const os = require('os');
export function app(): void { readFileSync('x'); new WebSocket('x'); os.cpus(); }
`,
    );
    expect(await check(app)).toEqual([
      2,
      [
        'imports.ts:1:30: "node:fs" is a module of Node.js, which no board has: use hal.storage',
        'imports.ts:2:27: "ws" is a package, which no board has: use createChannel of firmware/channel',
        'imports.ts:3:15: "net" is a module of Node.js, which no board has: use hal.net',
        expect.stringMatching(/^imports\.ts:4:29: Cannot find .*'node:net'/),
        'imports.ts:5:8: "hal/node/index" runs on the computer only: import firmware/channel, and types of hal',
        'imports.ts:6:8: import of a .css file: import .ts, .js or .json',
        'imports.ts:7:20: "os" is a module of Node.js, which no board has: use hal.system',
      ],
    ]);
  });

  it('takes JSON for literals, and names the place of a character that no board has', async () => {
    file('data.json', '{"a":[1,2]}');
    const head = HEAD.replace('import', "import data from './data.json';\nimport").replace('const channel =', '');
    expect(await check(file('json.ts', `${head}  hal.log.line(String(data.a[0]));\n}\n`))).toEqual([
      0,
      ['Nothing that Espruino cannot run.'],
    ]);
    file('data.json', '{\n  "unit": "€"\n}');
    expect(await check(file('euro.ts', `${head}  hal.log.line(data.unit);\n}\n`))).toEqual([
      2,
      ['data.json:2:12: character U+20AC above U+00FF: a board has no such character; write ASCII'],
    ]);
  });

  it('warns of text that send will refuse, and ends with 0', async () => {
    const body = `  const unit = '°C';
  channel.send('Küche 21°C');
  channel.send(\`\${hal.clock.now()}\${unit}\`);
  channel.send(JSON.stringify({ room: 'Küche' }));
  channel.send('K\\xc3\\xbcche'); channel.send('\\xff', true); channel.send('plain' + unit.length);
}
`;
    const what = 'send takes text as its UTF-8 bytes, one character each, and refuses this (not_utf8)';
    const instead = 'use utf8Encode of firmware/websocket/utf8, or write the bytes';
    expect(await check(file('umlaut.ts', HEAD + body))).toEqual([
      0,
      [
        `umlaut.ts:5:16: warning: ${what}: ${instead} (here "\\xc2\\xb0C")`,
        `umlaut.ts:6:16: warning: ${what}: ${instead} (here "K\\xc3\\xbcche 21\\xc2\\xb0C")`,
        `umlaut.ts:8:39: warning: ${what}: ${instead} (here "K\\xc3\\xbcche")`,
      ],
    ]);
  });

  it('checks types in the same list', async () => {
    const body = "  if (channel.state === 'open') hal.random.next();\n  Math.trunc(5);\n  const n: string = 5;\n}\n";
    expect(await check(file('types.ts', HEAD + body))).toEqual([
      2,
      [
        expect.stringMatching(/^types\.ts:5:7: This comparison appears to be unintentional/),
        "types.ts:5:44: Property 'next' does not exist on type 'Random'",
        expect.stringMatching(/^types\.ts:6:3: Math\.trunc does not exist: use /),
        "types.ts:7:9: Type 'number' is not assignable to type 'string'",
      ],
    ]);
  });

  it('passes the apps of the kit', async () => {
    const apps = ['sos', 'echo', 'button'].map((name) => `firmware/apps/${name}.ts`);
    expect(await check(...apps)).toEqual([0, ['Nothing that Espruino cannot run.']]);
  });
});
