/** `npx tsx relay certs`: its flags, and what it says when it is done. Nothing in this file prints. */
import { join } from 'node:path';
import { type Command, type CommandLine, type Flags, listFlag, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { parseNumber } from 'host/units';
import { UsageError } from 'host/user-error';
import { type Made, makeCertificates, type Order } from './make.ts';
import { CLIENT_NAME_EXPECTED, folderNameOf, HOSTS_EXPECTED, parseClientName, parseHosts } from './names.ts';

/** NIST SP 800-131A: shorter keys are not acceptable any more. */
const MIN_KEY_BITS = 2_048;
/** Takes a minute or two to make; nothing that is small can use it. */
const MAX_KEY_BITS = 8_192;
/** A hundred years. */
const MAX_DAYS = 36_500;
/** As many keys take half an hour at 2,048 bits. */
const MAX_COUNT = 10_000;

const FLAGS = {
  srv: valueFlag({ about: "The relay's addresses or names", expected: HOSTS_EXPECTED, parse: parseHosts }),
  cn: listFlag({ about: "A board's name; may be repeated", expected: CLIENT_NAME_EXPECTED, parse: parseClientName }),
  count: valueFlag({
    about: 'Certificates for so many boards, numbered from 1',
    expected: `a whole number from 1 to ${MAX_COUNT}`,
    parse: (text) => integerWithin(text, 1, MAX_COUNT),
  }),
  'cn-prefix': valueFlag({
    about: 'What stands before the number, with --count',
    expected: `the start of ${CLIENT_NAME_EXPECTED}`,
    default: 'board-',
    parse: (text) => (parseClientName(`${text}${MAX_COUNT}`) === null ? null : text),
  }),
  kl: valueFlag({
    about: 'Key length in bits; for an ESP32 take 2048',
    expected: `a whole number from ${MIN_KEY_BITS} to ${MAX_KEY_BITS}`,
    default: '4096',
    parse: (text) => integerWithin(text, MIN_KEY_BITS, MAX_KEY_BITS),
  }),
  days: valueFlag({
    about: 'How long the certificates are valid',
    expected: `a whole number of days from 1 to ${MAX_DAYS}`,
    default: '3654',
    parse: (text) => integerWithin(text, 1, MAX_DAYS),
  }),
  dir: valueFlag({ about: 'Where everything goes', expected: 'a folder', default: 'tls', parse: (text) => text || null }),
  install: valueFlag({
    about: 'Copies what a board needs there; with several boards into a folder each',
    expected: 'a folder',
    parse: (text) => text || null,
  }),
  force: switchFlag('Replace what is there already (never the authority)'),
  json: switchFlag('Print one JSON document: the files that were written'),
} satisfies Flags;

export const CERTS_COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx relay certs',
  about: 'Makes certificates: an authority (once), one for the relay and one for each board.',
  flags: FLAGS,
  examples: [
    ['npx tsx relay certs --srv 192.168.1.10 --cn "ESP Client 1" --kl 2048', 'For a relay and one board'],
    [
      'npx tsx relay certs --srv 192.168.1.10,relay.local --count 50 --kl 2048',
      'For a relay with two names and boards board-1 to board-50',
    ],
  ],
};

type Values = Extract<CommandLine<typeof FLAGS>, { help: null }>['values'];

/**
 * @param words after `certs`
 * @param nowMs milliseconds since 1970
 * @param progress is told in a line what is being made
 * @returns what to print
 * @throws UsageError
 */
export async function runCerts(words: readonly string[], nowMs: number, progress: (line: string) => void): Promise<string> {
  const line = await readCommandLine(CERTS_COMMAND, words);
  if (line.help !== null) return line.help;
  if (line.given.has('cn-prefix') && line.values.count === undefined) throw new UsageError('--cn-prefix: needs --count');
  const order = orderOf(line.values);
  if (order.hosts.length + order.clients.length === 0) {
    throw new UsageError('nothing to make; expected --srv for the relay, --cn or --count for boards');
  }
  const made = await makeCertificates(order, nowMs, progress);
  return line.values.json ? JSON.stringify(made) : reportOf(order, made);
}

function orderOf(values: Values): Order {
  const numbered = Array.from({ length: values.count ?? 0 }, (_, index) => `${values['cn-prefix']}${index + 1}`);
  return {
    folder: values.dir,
    hosts: values.srv ?? [],
    clients: [...new Set([...values.cn, ...numbered])],
    keyBits: values.kl,
    days: values.days,
    force: values.force,
    install: values.install,
  };
}

function reportOf({ folder, hosts, clients, install }: Order, { files, installed }: Made): string {
  const lines = ['written:', ...files.map((file) => `  ${file}`)];
  if (hosts.length > 0) {
    const own = join(folder, folderNameOf(hosts[0]), folderNameOf(hosts[0]));
    const ca = join(folder, 'ca', 'ca.crt');
    lines.push(
      '',
      'the relay, with boards that prove their names:',
      `  npx tsx relay --ssl --ssl-certfile "${own}.crt" --ssl-keyfile "${own}.key" --ssl-ca-certs "${ca}" --ssl-cert-reqs 2 --authorize cn`,
    );
  }
  if (clients.length > 0) {
    const [name] = clients;
    const source = install ?? `${join(folder, 'ca', 'ca.der')} and ${join(folder, 'clients', name)}`;
    const ssl = { key: `${name}.key`, cert: `${name}.crt`, ca: 'ca.der', cert_reqs: 2 };
    lines.push(
      '',
      `a board needs what is in ${source}, and in its config.json:`,
      `  "client_id": "${name}", "ssl": ${JSON.stringify(ssl)}`,
    );
  }
  if (installed.length > 0) lines.push('', 'copied for boards:', ...installed.map((file) => `  ${file}`));
  return lines.join('\n');
}

function integerWithin(text: string, min: number, max: number): number | null {
  const number = parseNumber(text);
  return number !== null && Number.isInteger(number) && number >= min && number <= max ? number : null;
}
