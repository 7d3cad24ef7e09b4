/**
 * `npx tsx firmware config`: a config.json to begin with, checked, for its owner's eyes only, and never over
 * one that is there.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type Command, type Flags, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { fileProblem } from 'host/file-problem';
import { readInput } from 'host/read-input';
import { shellQuote } from 'host/shell-quote';
import { formatDuration, parseDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import { DEFAULT_CONFIG, parseConfig } from '../config.ts';
import { readConfigFile } from './config-file.ts';
import { configText } from './config-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { JSON_FLAG, json } from './json.ts';
import { EXAMPLE_WIFI, placeholdersIn } from './placeholders.ts';
import { readServer } from './server-flag.ts';

/** A config holds passwords. */
const OWNER_ONLY = 0o600;
/** The relay's default port. */
const PORT = 8000;
const MAX_PASSWORD_BYTES = 4096;
const MAX_PING_MS = 86_400_000;

const FLAGS = {
  server: valueFlag({
    about: 'The relay, else this computer',
    expected: 'a URL such as ws://192.168.1.10:8000/',
    parse: readServer,
  }),
  'client-id': textFlag('The board’s id at the relay, else the relay chooses one', '1 to 64 of A-Za-z0-9._ -', (client_id) => ({
    client_id,
  })),
  ssid: textFlag('The network that the board joins', 'its name, 1 to 32 bytes', (SSID) => ({ wifi: { SSID } })),
  password: textFlag('Its password', 'a text that others on this computer can see while the command runs', (password) => ({
    wifi: { password },
  })),
  'password-file': valueFlag({
    about: 'Its password',
    expected: 'a file whose first line it is (/dev/stdin: a pipe)',
    parse: readPassword,
  }),
  'ssl-key': textFlag('The board’s key', 'a file name beside the config', (key) => ({ ssl: { key, cert: 'x' } })),
  'ssl-cert': textFlag('The board’s certificate', 'a file name beside the config', (cert) => ({ ssl: { key: 'x', cert } })),
  'ssl-ca': textFlag('The authority that signed the relay’s', 'a file name beside the config', (ca) => ({ ssl: { ca } })),
  'ssl-cert-reqs': valueFlag({
    about: 'Whether the board verifies the relay',
    expected: '0 (encrypt only), 1 (say what is wrong) or 2 (refuse)',
    parse: (text) => (/^[012]$/.test(text) ? Number(text) : null),
  }),
  'ping-interval': durationFlag(
    'The board pings when nothing was heard for so long, 0s = never',
    0,
    DEFAULT_CONFIG.keepalive.ping_interval_ms,
  ),
  'ping-timeout': durationFlag('How long the board waits for an answer', 1, DEFAULT_CONFIG.keepalive.ping_timeout_ms),
  from: valueFlag({
    about: 'Take over what this config says, such as recommended.config.json of sim tune or sim advise; flags go before it',
    expected: 'a JSON file',
    parse: readConfigFile,
  }),
  out: valueFlag({ about: 'The file to write', expected: 'a file name', default: 'config.json', parse: (text) => text || null }),
  force: switchFlag('Write over a file that is there'),
  'no-comments': switchFlag('Plain JSON, as other programs read it'),
  json: JSON_FLAG,
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx firmware config',
  about:
    'Writes a config.json, with a comment above each key, readable for you only. A file that is there stays as it is without --force. ' +
    'build, run and sim --config read it, comments and all.',
  flags: FLAGS,
  examples: [
    ['npx tsx firmware config --ssid MyWiFi --server ws://192.168.1.10:8000/ --client-id board-1', 'a board of your own'],
    [
      'npx tsx firmware config --from runs/advice-0123abcd/recommended.config.json --ssid MyWiFi',
      'with the keepalive that sim advise found',
    ],
  ],
};

export async function configCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { values, given } = line;
  if (given.has('password') && given.has('password-file'))
    throw new UsageError('--password contradicts --password-file; expected one of them');
  const value = configOf(values);
  const { errors } = parseConfig(value);
  if (errors.length > 0) throw new UsageError(errors.join('\n'));
  const { out } = values;
  write(out, configText(value, !values['no-comments']), values.force);
  const left = placeholdersIn(value).map(({ key }) => key);
  if (values.json) io.out(json({ file: out, to_fill_in: left }));
  else {
    io.out(`Written to ${out}, readable for you only.\n`);
    if (!given.has('server') && values.from?.value.server === undefined)
      io.out(`Its relay is this computer, ${String(value.server)}: --server names another.\n`);
    if (left.length > 0) io.out(`To be filled in: ${left.join(', ')}.\n`);
    io.out(`Next: npx tsx firmware build --config ${shellQuote(out)}\n`);
  }
  return EXIT.ok;
}

type Values = Extract<Awaited<ReturnType<typeof readCommandLine<typeof FLAGS>>>, { help: null }>['values'];

function configOf(values: Values): Record<string, unknown> {
  const base = { ...values.from?.value };
  const { keepalive, backoff, outbox, client_id } = DEFAULT_CONFIG;
  const set = <T extends object>(defaults: T, key: string, changes: Partial<Record<string, unknown>>) => ({
    ...defaults,
    ...(base[key] as object | undefined),
    ...Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== undefined)),
  });
  const ssl = set({}, 'ssl', {
    key: values['ssl-key'],
    cert: values['ssl-cert'],
    ca: values['ssl-ca'],
    cert_reqs: values['ssl-cert-reqs'],
  });
  return {
    ...base,
    wifi: set(EXAMPLE_WIFI, 'wifi', { SSID: values.ssid, password: values.password ?? values['password-file'] }),
    server: values.server ?? base.server ?? `ws://${ownAddress()}:${PORT}/`,
    client_id: values['client-id'] ?? base.client_id ?? client_id,
    ...(Object.keys(ssl).length > 0 ? { ssl } : {}),
    keepalive: set(keepalive, 'keepalive', { ping_interval_ms: values['ping-interval'], ping_timeout_ms: values['ping-timeout'] }),
    backoff: set(backoff, 'backoff', {}),
    outbox: base.outbox ?? outbox,
  };
}

/** Of the first network that this computer is in. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** Over a file that is there only when asked to, and then whole or not at all. */
function write(file: string, text: string, force: boolean): void {
  const name = force ? `${file}.${process.pid}.tmp` : file;
  try {
    writeFileSync(name, text, { mode: OWNER_ONLY, flag: 'wx' });
    if (force) renameSync(name, file);
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    const taken = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(
      taken
        ? `--out: ${file} is there already, and stays as it is; expected another name, or --force to write over it`
        : `--out: ${file}: cannot be written: ${problem}`,
    );
  }
}

/**
 * A text that a key of the config takes, checked by the rule of the device. @param configOf a config that has
 * it
 */
function textFlag(about: string, expected: string, configOf: (text: string) => Record<string, unknown>) {
  return valueFlag<string>({
    about,
    expected,
    parse: (text) => {
      const [problem] = text === '' ? [''] : parseConfig(configOf(text)).errors;
      if (problem === undefined) return text;
      throw new UsageError(problem === '' ? `expected ${expected}, got ""` : problem.replace(/^[\w.]+: /, ''));
    },
  });
}

function durationFlag(about: string, minMs: number, usualMs: number) {
  return valueFlag<number>({
    about: `${about}, else ${formatDuration(usualMs)}`,
    expected: `a duration with its unit (500ms, 20s) from ${formatDuration(minMs)} to ${formatDuration(MAX_PING_MS)}`,
    parse: (text) => {
      const ms = parseDuration(text);
      return ms !== null && Number.isInteger(ms) && ms >= minMs && ms <= MAX_PING_MS ? ms : null;
    },
  });
}

function readPassword(file: string): string {
  const [line] = readInput(file, MAX_PASSWORD_BYTES).split(/\r?\n/, 1);
  const [problem] = parseConfig({ wifi: { password: line } }).errors;
  if (problem !== undefined) throw new UsageError(`${file}: ${problem.replace(/^[\w.]+: /, '')}`);
  return line;
}
