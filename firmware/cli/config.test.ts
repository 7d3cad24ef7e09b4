import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_CONFIG, parseConfig } from '../config.ts';
import { readConfigFile } from './config-file.ts';
import { COMMENTS, configText } from './config-text.ts';
import type { Io } from './io.ts';
import { main } from './main.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firmware-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

async function run(...words: string[]) {
  const said = { out: '', err: '' };
  const io: Io = {
    out(text) {
      said.out += text;
    },
    err(text) {
      said.err += text;
    },
  };
  const exitCode = await main(words, io);
  return { exitCode, ...said };
}

const path = (name: string) => join(folder, name);
const OWN = ['--server', 'ws://192.168.1.10:8000/', '--client-id', 'board-1', '--ssid', 'Lab', '--password', 'hush hush'];

/** Builds among them, on a machine that may be busy, ms. */
const PATIENCE_MS = 120_000;

describe('npx tsx firmware config', { timeout: PATIENCE_MS }, () => {
  it('writes a config with a comment above each key, for its owner only, that all commands read', async () => {
    const file = path('config.json');
    const { exitCode, out, err } = await run('config', ...OWN, '--out', file);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toBe(`Written to ${file}, readable for you only.\nNext: npx tsx firmware build --config ${file}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(
      '  // The network that the board joins.\n  "wifi": {\n    "SSID": "Lab",\n    "password": "hush hush"\n  },\n',
    );
    expect(readConfigFile(file).value).toMatchObject({
      wifi: { SSID: 'Lab', password: 'hush hush' },
      server: 'ws://192.168.1.10:8000/',
      client_id: 'board-1',
      keepalive: DEFAULT_CONFIG.keepalive,
    });
    // The address of the README, which somebody may really have, is no placeholder when it was written down.
    const built = await run('build', '--config', file, '--out', path('board.js'));
    expect(built).toMatchObject({ exitCode: 0, err: '' });
    expect(readFileSync(path('board.js'), 'utf8')).not.toContain('The network that');
  });

  it('never writes over a file without being told to', async () => {
    writeFileSync(path('config.json'), 'mine');
    const refused = await run('config', ...OWN, '--out', path('config.json'));
    expect(refused).toMatchObject({ exitCode: 2, out: '' });
    expect(refused.err).toContain('config.json is there already, and stays as it is; expected another name, or --force to write over it');
    expect(readFileSync(path('config.json'), 'utf8')).toBe('mine');
    chmodSync(path('config.json'), 0o644);
    expect((await run('config', ...OWN, '--out', path('config.json'), '--force')).exitCode).toBe(0);
    expect(statSync(path('config.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['config.json']);
  });

  it('says what is to be filled in, and build says so again', async () => {
    const { out } = await run('config', '--out', path('c.json'));
    expect(out).toMatch(
      /Its relay is this computer, ws:\/\/[\d.]+:8000\/: --server names another\.\nTo be filled in: wifi\.SSID, wifi\.password\.\n/,
    );
    const built = await run('build', '--config', path('c.json'), '--out', path('board.js'));
    expect(built.exitCode).toBe(0);
    expect(built.err).toBe(
      'warning: wifi.SSID is the placeholder "YOUR-WIFI": set it with --config\n' +
        'warning: wifi.password is the placeholder "YOUR-PASSWORD": set it with --config\n',
    );
    const { exitCode, out: json } = await run('config', '--out', path('d.json'), '--json', '--ssid', 'Lab');
    expect([exitCode, JSON.parse(json)]).toEqual([0, { file: path('d.json'), to_fill_in: ['wifi.password'] }]);
  });

  it('takes over what a tuned config says, with flags before it, and its other keys as they are', async () => {
    const tuned = {
      keepalive: { ping_interval_ms: 11000, ping_timeout_ms: 3500 },
      backoff: { jitter: 'equal' },
      headers: { 'X-Site': 'lab' },
    };
    writeFileSync(path('tuned.json'), JSON.stringify(tuned));
    await run('config', ...OWN, '--from', path('tuned.json'), '--ping-timeout', '4s', '--out', path('c.json'));
    expect(readConfigFile(path('c.json')).value).toMatchObject({
      keepalive: { ping_interval_ms: 11000, ping_timeout_ms: 4000 },
      backoff: { ...DEFAULT_CONFIG.backoff, jitter: 'equal' },
      headers: { 'X-Site': 'lab' },
    });
  });

  it('takes a password from a file, and TLS files by their names', async () => {
    writeFileSync(path('secret'), 'from a file\nnot this\n');
    const tls = ['--server', 'wss://relay.example/', '--ssl-ca', 'ca.der', '--ssl-cert-reqs', '2'];
    await run('config', ...tls, '--ssid', 'Lab', '--password-file', path('secret'), '--out', path('c.json'), '--no-comments');
    expect(JSON.parse(readFileSync(path('c.json'), 'utf8'))).toMatchObject({
      wifi: { password: 'from a file' },
      ssl: { ca: 'ca.der', cert_reqs: 2 },
    });
  });

  it.each([
    [['--server', 'http://x'], '--server: scheme: expected ws:// or wss://'],
    [['--client-id', 'a/b'], '--client-id: expected at most 64 characters of'],
    [['--client-id', ''], '--client-id: expected 1 to 64 of A-Za-z0-9._ -, got ""'],
    [['--ssid', 'x'.repeat(33)], '--ssid: expected 1 to 32 characters, got 33'],
    [['--password', 'x'.repeat(65)], '--password: expected 0 to 64 characters, got 65'],
    [['--password', 'x', '--password-file', '.nvmrc'], '--password contradicts --password-file'],
    [['--ssl-cert-reqs', '3'], '--ssl-cert-reqs: expected 0 (encrypt only)'],
    [['--ssl-key', 'a.key'], 'ssl: expected key and cert together, got one of them'],
    [['--server', 'wss://x/', '--ssl-cert-reqs', '2'], 'ssl.ca: expected a file name, since cert_reqs is 2'],
    [['--ping-interval', '25'], '--ping-interval: expected a duration with its unit'],
    [['--from', 'no-such.json'], '--from: no-such.json: cannot be read: no such file or directory'],
  ])('%j is refused', async (words, message) => {
    const { exitCode, out, err } = await run('config', ...words, '--out', path('c.json'));
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a config as text', () => {
  it('has a comment for every key that a config can have', () => {
    expect(Object.keys(COMMENTS).sort()).toEqual(Object.keys(DEFAULT_CONFIG).sort());
  });

  it('reads back as what was written, with comments and without', () => {
    const whole = { ...DEFAULT_CONFIG, headers: { 'X-A': '// no comment' } } as unknown as Record<string, unknown>;
    for (const withComments of [true, false]) {
      writeFileSync(path('whole.json'), configText(whole, withComments));
      expect(parseConfig(readConfigFile(path('whole.json')).value)).toEqual({ config: whole, errors: [] });
    }
    expect(() => JSON.parse(configText(whole, false))).not.toThrow();
  });

  it('may have comments and a comma too many, as editors know it', () => {
    writeFileSync(path('c.json'), '// mine\n{ "outbox": 4, /* few */ "server": "ws://10.0.0.1/", }\n');
    expect(readConfigFile(path('c.json')).value).toEqual({ outbox: 4, server: 'ws://10.0.0.1/' });
  });
});
