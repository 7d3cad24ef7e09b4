/**
 * `--no-console` and `--console-token`: whether there is a live page at `/`, and for whom. The same for the
 * relay and for a live simulation.
 */
import { switchFlag, valueFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import type { ConsoleParts, RelayConsole } from '../console/console.ts';
import { isLoopback } from '../console/gate.ts';

/** Of 94 characters each: guessing comes nowhere. */
const MIN_TOKEN_CHARACTERS = 16;
const MAX_TOKEN_CHARACTERS = 256;

export const CONSOLE_FLAGS = {
  'no-console': switchFlag('No live page at /'),
  'console-token': valueFlag<string>({
    about: 'What a browser must show before it sees the live page; needed where others can reach the address',
    expected: `${MIN_TOKEN_CHARACTERS} to ${MAX_TOKEN_CHARACTERS} visible ASCII characters`,
    // Not repeated in the message that it is no good: what is nearly a token is a secret too.
    parse: (text) => {
      if (/^[!-~]+$/.test(text) && text.length >= MIN_TOKEN_CHARACTERS && text.length <= MAX_TOKEN_CHARACTERS) return text;
      throw new UsageError(`expected ${MIN_TOKEN_CHARACTERS} to ${MAX_TOKEN_CHARACTERS} visible ASCII characters`);
    },
  }),
};

/** `off`: why there is none. */
export type ConsoleSettings = { token: string | null } | { off: string };

/** @param host the address to listen on */
export function consoleSettings(values: { 'no-console': boolean; 'console-token': string | undefined }, host: string): ConsoleSettings {
  const token = values['console-token'] ?? null;
  if (values['no-console'] && token !== null) throw new UsageError('--no-console contradicts --console-token');
  if (values['no-console']) return { off: '' };
  if (token === null && !isLoopback(host)) return { off: `no console, as others can reach ${host}: it needs --console-token` };
  return { token };
}

/** null: off, and then nothing of it is loaded. */
export async function openConsole(settings: ConsoleSettings, parts: Omit<ConsoleParts, 'token'>): Promise<RelayConsole | null> {
  if ('off' in settings) return null;
  const { createConsole } = await import('../console/console.ts');
  return createConsole({ ...parts, ...settings });
}

/**
 * For the line that says where the relay listens; '' when nobody asked for a console. @param url as the relay
 * knows itself
 */
export function consoleWords(settings: ConsoleSettings, url: string): string {
  return 'off' in settings ? settings.off : `console at ${url.replace('//0.0.0.0:', '//<this host>:')}`;
}
