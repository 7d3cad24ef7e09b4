/**
 * `npx tsx firmware build`: one file for the board, its readable twin beside it, and what it will cost there.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { addressProblem, verificationProblem } from 'hal/espruino/verification';
import { type Command, type Flags, readCommandLine, valueFlag } from 'host/command-line';
import { fileProblem } from 'host/file-problem';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { BYTES_PER_VARIABLE, type Cost, costOf, overBudget, VARIABLES } from '../build/budget.ts';
import { buildProgram, type Part, type Program } from '../build/build.ts';
import { describeFindings, FindingsError } from '../build/findings-error.ts';
import { type DeviceConfig, parseConfig } from '../config.ts';
import { parseServerUrl } from '../server-url.ts';
import { certificateFiles } from './certificate-files.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { JSON_FLAG, json } from './json.ts';
import { findApp } from './load-app.ts';
import { placeholdersIn } from './placeholders.ts';
import { readServer } from './server-flag.ts';

/**
 * A program that holds a key, headers, user info or a query, which may be passwords, is as secret as the
 * key's own file.
 */
const OWNER_ONLY = 0o600;

const FLAGS = {
  app: valueFlag({ about: 'The app', expected: 'a file that exports app(hal, config)', default: 'firmware/apps/sos.ts', parse: findApp }),
  config: valueFlag({ about: 'The device’s config.json', expected: 'a JSON file', parse: readConfigFile }),
  server: valueFlag({
    about: 'The relay; goes before the one in the config',
    expected: 'a URL such as ws://192.168.1.10:8000/',
    parse: readServer,
  }),
  out: valueFlag({
    about: 'The file to write',
    expected: 'a file name that ends with .js',
    default: 'dist/esp32.js',
    parse: (text) => (text.endsWith('.js') ? text : null),
  }),
  json: JSON_FLAG,
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx firmware build',
  about: 'Makes the file that a real Espruino board runs: app, firmware and config in one. Another config is another build.',
  flags: FLAGS,
  examples: [
    ['npx tsx firmware build --config config.json', 'SOS, as dist/esp32.js'],
    ['npx tsx firmware build --app my-app.ts --config config.json --server ws://192.168.1.10:8000/', 'Your app, for another relay'],
  ],
};

export async function buildCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { app, config, server, out, json: asJson } = line.values;
  const { text, value, parsed, files } = deviceConfig(config, server);
  const program = await build(app, text, files);
  const cost = costOf(program);
  const problem = overBudget(cost, program.parts);
  // Nothing is written: what a board has no room for should not be where `flash` looks for a program.
  if (problem !== '') throw new UsageError(`--app: ${problem}`);
  const secret = isSecret(program, parsed);
  write(out, program, secret);
  io.out(asJson ? toJson(out, cost, program.parts) : report(out, cost, secret));
  if (program.warnings.length > 0) io.err(`${describeFindings(program.warnings)}\n`);
  for (const warning of [program.skipped, ...placeholders(value)]) if (warning !== '') io.err(`warning: ${warning}\n`);
  return EXIT.ok;
}

interface Device {
  /** Its `config.json`, one character per byte. */
  text: string;
  /** The same as it was read. */
  value: Record<string, unknown>;
  /** What it will make of that. */
  parsed: DeviceConfig;
  /** The files that `ssl` names. */
  files: Record<string, string>;
}

function deviceConfig(file: ConfigFile | undefined, server: string | undefined): Device {
  const value = { ...file?.value, ...(server === undefined ? {} : { server }) };
  const { config: parsed } = parseConfig(value);
  const problem = verificationProblem(parsed.ssl.cert_reqs);
  if (problem !== '') throw new UsageError(`--config: ${file?.file}: ${problem}`);
  const strange = addressProblem(parseServerUrl(parsed.server)?.host ?? '');
  if (strange !== '')
    throw new UsageError(server === undefined ? `--config: ${file?.file}: ${strange}` : strange.replace('server: ', '--server: '));
  return {
    text: Buffer.from(JSON.stringify(value), 'utf8').toString('latin1'),
    value,
    parsed,
    files: certificateFiles(value, file?.file ?? ''),
  };
}

async function build(app: string, configText: string, files: Record<string, string>): Promise<Program> {
  try {
    return await buildProgram(app, configText, files);
  } catch (error) {
    throw error instanceof FindingsError ? new UsageError(error.message) : error;
  }
}

function isSecret({ filesBytes }: Program, { headers, server }: DeviceConfig): boolean {
  const url = parseServerUrl(server);
  return filesBytes > 0 || Object.keys(headers).length > 0 || `${url?.userInfo}${url?.query}` !== '';
}

function write(out: string, { code, readable }: Program, secret: boolean): void {
  try {
    mkdirSync(dirname(out), { recursive: true });
    for (const [file, text] of [
      [out, code],
      [readableTwin(out), readable],
    ]) {
      writeFileSync(file, text, { mode: secret ? OWNER_ONLY : undefined });
      // Also when it was there before, and readable by others.
      if (secret) chmodSync(file, OWNER_ONLY);
    }
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    throw new UsageError(`--out: ${out}: cannot be written: ${problem}`);
  }
}

function readableTwin(out: string): string {
  return out.replace(/\.js$/, '.readable.js');
}

function report(out: string, { bytes, filesBytes, variables }: Cost, secret: boolean): string {
  const files = filesBytes === 0 ? '' : `, ${filesBytes} of them the board's certificate and key`;
  const carried = secret
    ? `${files === '' ? ', with headers, user info or a query that may be secret' : files}, so keep it to yourself`
    : '';
  const share = ((variables / VARIABLES) * 100).toFixed(0);
  const freeKib = (((VARIABLES - variables) * BYTES_PER_VARIABLE) / 1024).toFixed(0);
  return (
    `${out}: ${bytes} bytes${carried} (to read: ${readableTwin(out)})\n` +
    `${wrap(`Run from Storage it takes about ${variables} of an ESP32's ${VARIABLES} variables (${share} %) and leaves about ${freeKib} KiB.`)}\n`
  );
}

function toJson(out: string, { bytes, filesBytes, variables, kinds }: Cost, parts: readonly Part[]): string {
  const cost = { bytes, files_bytes: filesBytes, variables, board_variables: VARIABLES, variables_by_kind: kinds };
  return json({ file: out, readable: readableTwin(out), ...cost, parts });
}

function placeholders(config: Record<string, unknown>): string[] {
  return placeholdersIn(config).map(
    ({ key, value }) => `${key} is the placeholder ${value}: set it with ${key === 'server' ? '--server or --config' : '--config'}`,
  );
}
