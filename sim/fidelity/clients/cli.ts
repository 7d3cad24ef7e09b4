/**
 * `npm run fidelity -- --clients`: client libraries of others with their servers, live through the proxy,
 * beside the kit's boards and relay with their presets, in virtual time.
 */
import { type Command, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { markdownTable } from '../../study/findings/markdown.ts';
import { seedsFlag } from '../flags.ts';
import { compare, type Row } from './compare.ts';
import type { Plan } from './figures.ts';
import { GRAPHQL_WS } from './graphql-ws.ts';
import type { LiveLibrary } from './library.ts';
import { measureLive } from './live.ts';
import { measureModel } from './model.ts';
import { MQTT_JS } from './mqtt.ts';
import { PYTHON_WEBSOCKETS } from './python-websockets.ts';
import { SOCKET_IO } from './socket-io.ts';

export const LIBRARIES: readonly LiveLibrary[] = [MQTT_JS, SOCKET_IO, GRAPHQL_WS, PYTHON_WEBSOCKETS];

/** Twenty clients each, whose pings are spread over the longest interval. */
const PLAN: Plan = { clients: 20, spreadMs: 4_000, settleMs: 2_000, deadMs: 40_000, downMs: 15_000, backMs: 15_000 };

const FLAGS = {
  clients: switchFlag('Set client libraries of others, live, beside their presets'),
  only: valueFlag<string>({
    about: 'One of them, by the name of its client’s preset',
    expected: `one of ${LIBRARIES.map(({ client }) => client).join(', ')}`,
    parse: (text) => LIBRARIES.find(({ client }) => client === text)?.client ?? null,
  }),
  seeds: seedsFlag('Runs of the model', 10),
  json: switchFlag('Print the result as one JSON document and nothing else'),
};

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npm run -s fidelity -- --clients',
  about:
    'Starts client libraries with the servers they are made for, cuts their links, stops their servers, and sets what they do beside the kit with their presets. ' +
    'All at once, in a minute. A library whose program is missing is skipped by name.',
  flags: FLAGS,
  examples: [['npm run -s fidelity -- --clients', 'all that are installed']],
};

/** @returns the exit code: 1 when a judged figure disagrees */
export async function clientsMain(words: readonly string[], out: (text: string) => void): Promise<number> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    out(`${line.help}\n`);
    return 0;
  }
  const { only, seeds, json } = line.values;
  const wanted = LIBRARIES.filter(({ client }) => only === undefined || client === only);
  const skipped = wanted.flatMap((library) => {
    const missing = library.missing();
    return missing === null ? [] : [{ library, missing }];
  });
  const present = wanted.filter((library) => skipped.every((one) => one.library !== library));
  const rows = (await Promise.all(present.map((library) => rowsOf(library, PLAN, seeds)))).flat();
  const ok = rows.every(({ agrees }) => agrees !== false);
  if (json)
    out(`${JSON.stringify({ ok, rows, skipped: skipped.map(({ library, missing }) => ({ library: library.name, missing })) }, null, 2)}\n`);
  else out(textOf(rows, present, skipped));
  return ok ? 0 : 1;
}

export async function rowsOf(library: LiveLibrary, plan: Plan, seeds: number): Promise<Row[]> {
  const live = await measureLive(library, plan);
  const model = await measureModel(
    library,
    plan,
    Array.from({ length: seeds }, (_, index) => index + 1),
  );
  return compare(library, model, live, plan.clients);
}

function textOf(
  rows: readonly Row[],
  present: readonly LiveLibrary[],
  skipped: readonly { library: LiveLibrary; missing: string }[],
): string {
  const verdict = ({ agrees }: Row) => (agrees === null ? '' : agrees ? 'yes' : 'NO');
  const table = markdownTable(
    ['library', 'figure', 'model', 'live', 'agree'],
    rows.map((row) => [row.library, row.figure, row.model, row.live, verdict(row)]),
  );
  const known = present.flatMap(({ name, differs }) => differs.map((why) => `- ${name}: ${why}.`));
  return [
    table,
    '',
    ...known,
    ...skipped.map(({ library, missing }) => `- ${library.name}: skipped, ${missing} is not installed.`),
    '',
  ].join('\n');
}
