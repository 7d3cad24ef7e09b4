import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'firmware-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...words: string[]) {
  let out = '';
  let err = '';
  const exitCode = await main(words, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { exitCode, out, err };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('npx tsx firmware build', () => {
  const out = join(folder, 'deep', 'board.js');

  it('writes the program and its readable twin, and says what they cost', async () => {
    const config = file('config.json', JSON.stringify({ wifi: { SSID: 'lab', password: 'x' }, server: 'ws://10.0.0.1/' }));
    const { exitCode, out: said, err } = await run('build', '--config', config, '--server', 'ws://10.0.0.2/', '--out', out);
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(said).toMatch(/board\.js: \d+ bytes \(to read: .*board\.readable\.js\)\n.* variables \(\d+ %\) and leaves about \d+ KiB\.\n$/);
    expect(readFileSync(out, 'utf8')).toContain('ws://10.0.0.2/');
    expect(existsSync(join(folder, 'deep', 'board.readable.js'))).toBe(true);
  });

  it('--json prints one document, with what the program consists of', async () => {
    const { exitCode, out: said } = await run('build', '--out', out, '--json');
    const result = JSON.parse(said);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ file: out, bytes: readFileSync(out).length, board_variables: 16383 });
    expect(result.parts).toContainEqual({ file: 'firmware/websocket/client.ts', bytes: expect.any(Number) });
  });

  it('ends with 2 for a program over the budget, names its biggest part, and writes nothing', async () => {
    const words = JSON.stringify('x'.repeat(10_000));
    const app = file(
      'big.ts',
      `export function app(hal, config) { createChannel(hal, config).send(${words}); }\nimport { createChannel } from 'firmware/channel';`,
    );
    const big = join(folder, 'big.js');
    const { exitCode, err } = await run('build', '--app', app, '--out', big);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^--app: over budget: the program has \d+ bytes, at most 24000 are allowed\. .*big\.ts \d+/);
    expect(existsSync(big)).toBe(false);
  });

  it('warns of placeholders', async () => {
    expect((await run('build', '--out', out)).err).toMatch(/^warning: wifi\.SSID is .*\nwarning: server is .*\n$/);
  });

  it('refuses a config that asks to verify the server', async () => {
    const config = file('verify.json', JSON.stringify({ ssl: { cert_reqs: 2 } }));
    const { exitCode, err } = await run('build', '--config', config, '--out', out);
    expect(exitCode).toBe(2);
    expect(err).toContain('ssl.cert_reqs: Espruino cannot verify a server: expected 0, got 2');
  });

  it.each([
    [['--app', 'no-such-app.ts'], 'no such file'],
    [['--server', 'http://x/'], 'expected a URL'],
    [['--out', 'board.txt'], 'expected a file name that ends with .js'],
    [['--frobnicate'], 'unknown flag --frobnicate'],
  ])('ends with 2 for %j', async (words, message) => {
    const { exitCode, err } = await run('build', ...words);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });

  it('ends with 2 when the file cannot be written', async () => {
    const { exitCode, err } = await run('build', '--out', join(file('a-file', ''), 'x.js'));
    expect(exitCode).toBe(2);
    expect(err).toContain('cannot be written: ');
  });
});

describe('npx tsx firmware check', () => {
  it('names place, construct and replacement, and ends with 2', async () => {
    const { exitCode, out } = await run('check', file('bad.ts', 'export const a = new Map();\n'));
    expect(exitCode).toBe(2);
    expect(out).toMatch(/bad\.ts:1:22: Map does not exist: use an object with string keys\n$/);
  });

  it('--json lists the findings, a file that does not parse among them', async () => {
    const { exitCode, out } = await run('check', file('broken.ts', 'const x = ;\n'), '--json');
    expect([exitCode, JSON.parse(out)]).toEqual([
      2,
      { findings: [{ file: expect.stringMatching(/broken\.ts$/), line: 1, column: 11, message: 'Unexpected ";"' }] },
    ]);
    expect(await run('check', 'firmware/apps/sos.ts', '--json')).toMatchObject({ exitCode: 0, out: '{"findings":[]}\n' });
  });

  it('ends with 0 when there is nothing to say', async () => {
    expect(await run('check', 'firmware/apps/sos.ts')).toMatchObject({ exitCode: 0, err: '' });
  });

  it('wants a file', async () => {
    expect(await run('check')).toMatchObject({ exitCode: 2, err: 'expected at least one file to check\n' });
  });
});

describe('npx tsx firmware flash', () => {
  const program = file('program.js', 'print(1);');

  it.each([
    [['--file', program], '--port is missing'],
    [['--port', join(folder, 'no-such-port'), '--file', program], 'cannot be opened: No such file or directory\n'],
    [['--port', 'x', '--baud', 'fast', '--file', program], '--baud: expected a baud rate'],
    [['--port', 'x', '--file', file('wide.js', 'print("\u20ac");')], 'expected a file made by `npx tsx firmware build`'],
  ])('ends with 2 for %j', async (words, message) => {
    const { exitCode, err } = await run('flash', ...words);
    expect(err).toContain(message);
    expect(exitCode).toBe(2);
  });
});
