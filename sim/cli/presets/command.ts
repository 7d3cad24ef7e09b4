/** `npx tsx sim presets [NAME]`: the libraries and servers whose defaults the kit knows, each number with its source. */
import { DEFAULT_CONFIG } from 'firmware/config';
import { type Command, readCommandLine, switchFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { wrap } from 'host/wrap';
import { clientBehaviour, serverValues } from '../../presets/apply.ts';
import { CLIENT_PRESETS } from '../../presets/clients/index.ts';
import { CLIENTS, presetMeant, SERVERS } from '../../presets/names.ts';
import type { Answer, ClientPreset, ServerPreset } from '../../presets/preset.ts';
import { SERVER_PRESETS } from '../../presets/servers/index.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Io, screenOf } from '../io.ts';
import { terminalTable } from '../output/table.ts';

const FLAGS = { json: switchFlag('Print one JSON document and nothing else on stdout') };

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx sim presets',
  positionals: '[NAME]',
  about:
    'Lists the client libraries (--client, boards.client) and servers (--server-preset, relay.server) whose defaults the kit knows; of one, each number with its source, what it cannot do, what ' +
    'is not modelled of it, and the lines in which its user writes that down.',
  flags: FLAGS,
  examples: [
    ['npx tsx sim presets', 'all of them'],
    ['npx tsx sim presets esp_websocket_client', 'what it is set to, and where that stands'],
  ],
};

/** One side of a library. */
interface Side {
  side: 'client' | 'server';
  name: string;
  preset: ClientPreset | ServerPreset;
  answer: Answer | null;
}

export async function presetsCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const [name, ...others] = line.positionals;
  if (others.length > 0) throw new UsageError('presets: expected one NAME, or none');
  const found = sidesOf(name);
  if (line.values.json) io.out(toJson({ version: 1, presets: found.map(documentOf) }));
  else io.out(name === undefined ? list(found) : `${found.map((side) => page(side, screenOf(io).columns)).join('\n')}`);
  return EXIT.ok;
}

function sidesOf(name: string | undefined): Side[] {
  const all: Side[] = [
    ...CLIENTS.map((one): Side => {
      const preset = CLIENT_PRESETS[one];
      return { side: 'client', name: one, preset, answer: preset.paste(clientBehaviour(one)) };
    }),
    ...SERVERS.map((one): Side => {
      const preset = SERVER_PRESETS[one];
      return { side: 'server', name: one, preset, answer: preset.paste(serverValues(preset, undefined, DEFAULT_CONFIG)) };
    }),
  ];
  if (name === undefined) return all;
  const names = all.map((one) => one.name);
  const meant = names.includes(name) ? name : presetMeant(name, names);
  if (meant === null || meant.toLowerCase() !== name.toLowerCase())
    throw new UsageError(
      `presets: unknown name ${JSON.stringify(name)}${meant === null ? `; expected one of ${[...new Set(names)].join(', ')}` : ` (did you mean ${meant}?)`}`,
    );
  return all.filter((one) => one.name === meant);
}

function list(sides: readonly Side[]): string {
  const of = (side: Side['side'], flag: string) => [
    flag,
    ...sides.filter((one) => one.side === side).map(({ name, preset }) => wrap(`  ${name}: ${preset.about}`, '    ')),
  ];
  return `${[...of('client', '--client NAME, boards.client:'), '', ...of('server', '--server-preset NAME, relay.server:')].join('\n')}\n`;
}

function page({ side, name, preset, answer }: Side, columns: number): string {
  const rows = Object.entries(preset.settings).map(([key, [value, source]]) => [key, value, source]);
  return [
    wrap(`${name}, a ${side} (${side === 'client' ? '--client' : '--server-preset'} ${name}): ${preset.about}.`),
    terminalTable(['setting', 'default', 'where it stands'], rows, columns),
    ...Object.entries(preset.cannot).map(([key, why]) => wrap(`${key} cannot be set: ${why}.`, '  ')),
    ...preset.notModelled.map((line) => wrap(`Not modelled: ${line}.`, '  ')),
    ...(answer === null ? [] : [`In ${answer.place}:`, ...answer.lines.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

function documentOf({ side, name, preset, answer }: Side): Record<string, unknown> {
  const { about, settings, cannot, notModelled } = preset;
  const facts = Object.fromEntries(Object.entries(settings).map(([key, [value, source]]) => [key, { value, source }]));
  return { side, name, about, settings: facts, cannot, not_modelled: notModelled, ...answer };
}
