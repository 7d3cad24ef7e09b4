import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from 'host/command-line';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONSOLE_FLAGS, consoleSettings, consoleWords } from './console-flags.ts';

const TOKEN = 'a-token-of-20-chars!';

async function settings(host: string, ...words: string[]) {
  const line = await readCommandLine({ usage: 'test', about: 'Test.', flags: CONSOLE_FLAGS, examples: [] }, words);
  if (line.help !== null) throw new Error('no help was asked for');
  return consoleSettings(line.values, host);
}

describe('a console', () => {
  it('needs no token where only this computer can reach it', async () => {
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.1.2.3']) expect(await settings(host)).toEqual({ token: null });
  });

  it('is off on other hosts, and says why, until there is a token', async () => {
    const off = { off: 'no console, as others can reach 0.0.0.0: it needs --console-token' };
    expect(await settings('0.0.0.0')).toEqual(off);
    expect(await settings('0.0.0.0', '--console-token', TOKEN)).toEqual({ token: TOKEN });
    expect(consoleWords({ token: TOKEN }, 'http://0.0.0.0:8000/')).toBe('console at http://<this host>:8000/');
  });

  it('is off when nobody wants it', async () => {
    expect(await settings('127.0.0.1', '--no-console')).toEqual({ off: '' });
    await expect(settings('127.0.0.1', '--no-console', '--console-token', TOKEN)).rejects.toThrow(
      '--no-console contradicts --console-token',
    );
  });

  it('has no short or invisible token, which the message does not repeat', async () => {
    for (const token of ['secret', 'with a space in the middle', 'x'.repeat(257)]) {
      const told = await settings('127.0.0.1', '--console-token', token).catch(({ message }) => message);
      expect(told).toBe('--console-token: expected 16 to 256 visible ASCII characters');
    }
  });
});

describe('npx tsx relay', { timeout: 30_000 }, () => {
  it.each([
    [[], 200, /; console at http:\/\/127\.0\.0\.1:\d+\/$/],
    [['--no-console'], 404, /<client_id>$/],
    [['--console-token', TOKEN], 401, /; console at http:\/\/127\.0\.0\.1:\d+\/$/],
  ])('with %j answers %i, and its first line says so', async (flags, status, words) => {
    const entry = fileURLToPath(new URL('../index.ts', import.meta.url));
    const relay = spawn(process.execPath, ['--import', 'tsx', entry, '--host', '127.0.0.1', '--port', '0', ...flags]);
    onTestFinished(() => void relay.kill('SIGKILL'));
    const [line] = await once(relay.stderr, 'data');
    const { port, msg } = JSON.parse(String(line));
    expect(msg).toMatch(words);
    expect(String(line)).not.toContain(TOKEN);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(status);
    relay.kill('SIGTERM');
    expect(await once(relay, 'exit')).toEqual([0, null]);
  });
});
