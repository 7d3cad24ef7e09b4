import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, createKeyPair, issue } from 'relay/certs/authority';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    expect(said).toMatch(
      /board\.js: \d+ bytes \(to read: .*board\.readable\.js\)\n[\s\S]* variables \(\d+ %\)\s+and\s+leaves about \d+ KiB\.\n$/,
    );
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
    const table = JSON.stringify(Array.from({ length: 5000 }, (_, at) => at));
    const app = file(
      'big.ts',
      `const table = ${table};
      export function app(hal, config) { createChannel(hal, config).onMessage((text) => hal.log.line(String(table[text.length]))); }
      import { createChannel } from 'firmware/channel';`,
    );
    const big = join(folder, 'big.js');
    const { exitCode, err } = await run('build', '--app', app, '--out', big);
    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /^--app: over budget: the program holds about \d+ of a board's 16383 variables, at most 7372 \(45 %\) are allowed, .*: objects and arrays \d+, functions .*big\.ts \d+/,
    );
    expect(existsSync(big)).toBe(false);
  });

  it('leaves an app room by what it holds, not by the length of its code', async () => {
    const steps = Array.from({ length: 500 }, (_, at) => `if (n > ${at}) { n = (n * ${at} + 7) % 1000; hal.log.line('step ' + n); }`);
    const app = file('long.ts', `export function app(hal, config) { let n = config.outbox; ${steps.join('\n')} }`);
    const { exitCode, out: said } = await run('build', '--app', app, '--out', out, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(said).bytes).toBeGreaterThan(24_000);
  });

  it('warns of placeholders', async () => {
    expect((await run('build', '--out', out)).err).toMatch(/^warning: wifi\.SSID is .*\nwarning: server is .*\n$/);
  });

  it('keeps a program with headers or user info to its owner, and shows none of them', async () => {
    const bearer = file('bearer.json', JSON.stringify({ headers: { Authorization: 'Bearer 53cr37', unanswered: '5a1t' } }));
    for (const [words, held] of [
      [
        ['--config', bearer],
        ['Authorization:"Bearer 53cr37"', 'unanswered:"5a1t"'],
      ],
      [['--server', 'ws://joe:53cr37@10.0.0.1/'], ['ws://joe:53cr37@10.0.0.1/']],
      [['--server', 'ws://10.0.0.1/?key=53cr37'], ['ws://10.0.0.1/?key=53cr37']],
    ]) {
      const kept = file('kept.js', '');
      chmodSync(kept, 0o644);
      const { out: said, err } = await run('build', ...words, '--out', kept);
      expect(said).toMatch(/kept\.js: \d+ bytes, with headers, user info or a query that may be secret, so keep it to yourself \(/);
      expect(said + err).not.toContain('53cr37');
      for (const text of held) expect(readFileSync(kept, 'utf8')).toContain(text);
      expect(statSync(kept).mode & 0o777).toBe(0o600);
    }
    const both = await run('build', '--config', bearer, '--server', 'ws://joe:53cr37@10.0.0.1/', '--out', out);
    expect(both.exitCode).toBe(2);
    expect(both.err).toBe(`--config: ${bearer}: headers.Authorization: expected none beside the user info in server\n`);
  });

  it('refuses a config that asks to verify the server', async () => {
    const config = file('verify.json', JSON.stringify({ ssl: { cert_reqs: 2 } }));
    const { exitCode, err } = await run('build', '--config', config, '--out', out);
    expect(exitCode).toBe(2);
    expect(err).toContain('ssl.cert_reqs: Espruino cannot verify a server: expected 0, got 2');
  });

  it.each([
    [['--app', 'no-such-app.ts'], 'no such file'],
    [['--server', 'http://x/'], '--server: scheme: expected ws:// or wss://'],
    [['--server', 'ws://[::1]:8000/'], '--server: host: Espruino has no IPv6: expected a name or an IPv4 address, got "[::1]"'],
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

describe('npx tsx firmware build for a wss:// relay', () => {
  const out = join(folder, 'secure.js');
  const ssl = { cert: 'Gerät 1.crt', key: 'Gerät 1.key', ca: 'ca.crt', cert_reqs: 0 };
  const config = (changes: object = {}) => file('secure.json', JSON.stringify({ server: 'wss://10.0.0.1/', ssl: { ...ssl, ...changes } }));
  /** The text between a PEM file's first two lines and its last, on one line. */
  const body = (name: string) => readFileSync(join(folder, name), 'utf8').split('-----')[2].replace(/\s/g, '');

  beforeAll(async () => {
    const [authority, keys, others] = await Promise.all([
      createAuthority({ keyBits: 2048, days: 10, nowMs: Date.now() }),
      createKeyPair(2048),
      createKeyPair(2048),
    ]);
    const { cert } = issue(authority, { kind: 'client', commonName: 'board-1', hosts: [], ...keys, days: 10, nowMs: Date.now() });
    file('ca.crt', authority.cert);
    file(ssl.cert, cert);
    file(ssl.key, keys.key);
    file('other.key', others.key);
  });

  it('puts certificate and key from beside the config into the program, which only its owner can read then', async () => {
    file('secure.js', '');
    chmodSync(out, 0o644);
    const { exitCode, out: said, err } = await run('build', '--config', config(), '--out', out);
    expect([exitCode, err]).toEqual([0, expect.stringMatching(/^warning: wifi\.SSID/)]);
    expect(said).toMatch(/secure\.js: \d+ bytes, \d+ of them the board's certificate and key, so keep it to yourself \(/);
    const program = readFileSync(out, 'utf8');
    expect(program).toContain(body(ssl.cert));
    expect(program).toContain(body(ssl.key));
    expect(program).not.toContain(body('ca.crt'));
    for (const path of [out, join(folder, 'secure.readable.js')]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(said + err).not.toContain(body(ssl.key).slice(0, 32));
  });

  it.each([
    [
      { key: 'no.key', ca: 'no.der' },
      ['ssl.key: FOLDER/no.key: cannot be read: no such', 'ssl.ca: FOLDER/no.der: cannot be read: no such'],
    ],
    [{ key: 'other.key' }, ['ssl: the key does not belong to the certificate']],
    [{ key: 'ca.crt' }, ['ssl: the key cannot be read: expected PEM or DER, without a passphrase']],
    [{ cert: 'other.key' }, ['ssl: the certificate cannot be read: expected PEM or DER']],
    [{ ca: 'other.key' }, ["ssl: the authority's certificate cannot be read: expected PEM or DER"]],
  ])('ends with 2 for %j', async (changes, problems) => {
    const { exitCode, err } = await run('build', '--config', config(changes), '--out', join(folder, 'not-written.js'));
    const expected = problems.map((problem) => `--config: ${folder}/secure.json: ${problem.replace('FOLDER', folder)}`);
    expect(exitCode).toBe(2);
    for (const [i, line] of err.trim().split('\n').entries()) expect(line).toContain(expected[i]);
    expect(existsSync(join(folder, 'not-written.js'))).toBe(false);
  });

  it('wants no files for a ws:// relay', async () => {
    const words = ['--config', config({ key: 'no.key' }), '--server', 'ws://10.0.0.1/', '--out', join(folder, 'plain.js')];
    expect(await run('build', ...words)).toMatchObject({ exitCode: 0 });
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
