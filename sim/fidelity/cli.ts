/**
 * `npm run fidelity`: the TCP model beside a real kernel's, with bounds; or, with any flag of a condition,
 * the model's figures under that condition. With `--air` the shared air instead (air/cli.ts).
 *
 * Exit codes: 0 within the bounds, 1 outside (the figures are listed), 2 a flag that cannot be used.
 */
import { type Command, type CommandLine, choiceFlag, type Flags, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { within } from 'host/flag-values';
import { parseDuration } from 'host/units';
import { UsageError } from 'host/user-error';
import { AIR_SWITCH, airMain } from './air/cli.ts';
import { SETTLE_MS } from './blackout.ts';
import { blackoutResult, steadyResult } from './by-hand.ts';
import { compareAll, EMULATOR_MS } from './compare.ts';
import { isOutside } from './comparison.ts';
import { MESSAGE_INTERVAL_MS } from './conversation.ts';
import { ENERGY_SWITCH, energyMain } from './energy/cli.ts';
import { durationFlag, durationWords, numberFlag, seedFlag, seedProblems, seedsFlag } from './flags.ts';
import { comparisonText, resultText } from './output.ts';
import { CLIENT_STACKS, type Conditions } from './path.ts';
import { CONNECTIONS, DURATION_MS } from './steady.ts';

/** A satellite's path and back, ten times over. */
const MAX_RTT_MS = 10_000;
/** Beyond it next to no handshake ends. */
const MAX_LOSS = 0.9;
const MAX_BURST_PACKETS = 1000;
const MIN_DURATION_MS = 1000;
const MAX_DURATION_MS = 86_400_000;
/** Shorter than any timeout. */
const MIN_BLACKOUT_MS = 100;
/** Linux gives up after 924 s. */
const MAX_BLACKOUT_MS = 600_000;
const MAX_SETTLE_MS = 3_600_000;
/** All samples are held in memory: about 300 MB. */
const MAX_MESSAGES = 10_000_000;

const FLAGS = {
  rtt: durationFlag('Round trip of the path, both ways together', 0, MAX_RTT_MS, 40),
  loss: numberFlag('Packet loss, per packet, each way', 0, MAX_LOSS, 0),
  burst: numberFlag('Mean length of a loss burst in packets of all connections together; 1 = independent losses', 1, MAX_BURST_PACKETS, 1),
  handshake: choiceFlag('Loss from connecting on (lossy) or from then (clean)', ['clean', 'lossy'], 'clean'),
  stack: choiceFlag('TCP of the client: linux, or lwip as on an ESP32; the server is Linux always', ['linux', 'lwip'], 'linux'),
  overhead: durationFlag('What a measuring set-up adds to the delay, each way', 0, 1000, EMULATOR_MS),
  duration: durationFlag('How long every connection sends', MIN_DURATION_MS, MAX_DURATION_MS, DURATION_MS),
  blackout: valueFlag({
    about: 'The path loses everything for so long: how much later does the first message written meanwhile arrive',
    expected: durationWords(MIN_BLACKOUT_MS, MAX_BLACKOUT_MS),
    parse: (text) => within(parseDuration(text), MIN_BLACKOUT_MS, MAX_BLACKOUT_MS),
  }),
  settle: durationFlag('From connecting to the blackout', 0, MAX_SETTLE_MS, SETTLE_MS),
  seed: seedFlag,
  seeds: seedsFlag(`Worlds per condition, each with ${CONNECTIONS} connections`, 100),
  air: AIR_SWITCH,
  energy: ENERGY_SWITCH,
  clients: switchFlag('Set client libraries of others, live, beside their presets (its own --help)'),
  json: switchFlag('Print the result as one JSON document and nothing else'),
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npm run -s fidelity --',
  about:
    'Sets the TCP model beside measurements of a real kernel and fails outside the bounds. With a condition it prints the model’s figures for it: ' +
    `${CONNECTIONS} connections, an 11-byte message every ${MESSAGE_INTERVAL_MS / 1000} s, a 24-byte reply at once, TCP_NODELAY.`,
  flags: FLAGS,
  examples: [
    ['npm run fidelity', 'All that was measured, in about ten seconds'],
    ['npm run -s fidelity -- --rtt 200ms --loss 0.1 --handshake clean --json', 'One condition'],
    ['npm run fidelity -- --clients', 'Client libraries of others, live, beside their presets'],
    ['npm run fidelity -- --air', 'The shared air of many boards beside ns-3'],
    ['npm run fidelity -- --energy', 'What an idle station draws, beside what ESP-IDF publishes'],
    ['npm run -s fidelity -- --blackout 15s --stack lwip', 'How long after an outage a board is heard again'],
    ['npm run -s fidelity -- --rtt 200ms --blackout 15s --settle 1s', 'The same soon after connecting, on a long path'],
  ],
};

type Values = Extract<CommandLine<typeof FLAGS>, { help: null }>['values'];
type FlagName = keyof typeof FLAGS;

/** These say under which seeds and how to print; every other flag is a condition. */
const NO_CONDITION: ReadonlySet<FlagName> = new Set<FlagName>(['seed', 'seeds', 'json', 'air', 'energy', 'clients']);

/** @param out @param err take text for stdout and stderr @returns the exit code */
export async function main(words: readonly string[], out: (text: string) => void, err: (text: string) => void): Promise<number> {
  if (words.includes('--air')) return airMain(words, out, err);
  if (words.includes('--energy')) return energyMain(words, out, err);
  try {
    // Loads the libraries of others, which nobody else needs.
    if (words.includes('--clients')) return await (await import('./clients/cli.ts')).clientsMain(words, out);
    const line = await readCommandLine(COMMAND, words);
    if (line.help !== null) {
      out(`${line.help}\n`);
      return 0;
    }
    checkTogether(line.values, line.given);
    if ([...line.given].some((flag) => !NO_CONDITION.has(flag))) {
      out(await resultByHand(line.values));
      return 0;
    }
    return await compare(line.values, out);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err(`${error.message}\n${COMMAND.usage} --help shows all flags\n`);
    return 2;
  }
}

async function compare({ seed, seeds, json }: Values, out: (text: string) => void): Promise<number> {
  const comparisons = await compareAll(seed, seeds);
  const outside = comparisons.filter(isOutside);
  if (json) {
    out(`${JSON.stringify({ ok: outside.length === 0, seed, seeds, comparisons }, null, 2)}\n`);
  } else {
    out(
      `The model on ${seeds} seeds from ${seed} on, beside Linux 6.18; the model’s path adds ${EMULATOR_MS} ms each way for the emulator.\n\n`,
    );
    out(comparisonText(comparisons, 'kernel'));
  }
  return outside.length === 0 ? 0 : 1;
}

async function resultByHand(values: Values): Promise<string> {
  const seeds = Array.from({ length: values.seeds }, (_, index) => values.seed + index);
  const conditions = conditionsOf(values);
  const result =
    values.blackout === undefined
      ? await steadyResult(conditions, seeds, values.duration)
      : await blackoutResult(conditions, seeds, values.blackout, values.settle);
  return resultText(result, values.json);
}

function conditionsOf({ rtt, overhead, loss, burst, handshake, stack }: Values): Conditions {
  return { rttMs: rtt, overheadMs: overhead, lossRate: loss, burst, handshake, client: CLIENT_STACKS[stack], server: CLIENT_STACKS.linux };
}

/** Flags that would say nothing beside each other. */
function checkTogether(values: Values, given: ReadonlySet<FlagName>): void {
  const problems: string[] = [];
  if (values.blackout !== undefined && given.has('duration'))
    problems.push('--duration says nothing with --blackout; expected one of them');
  if (values.blackout === undefined && given.has('settle')) problems.push('--settle says nothing without --blackout; expected both');
  if (values.loss === 0 && given.has('burst') && values.burst > 1)
    problems.push('--burst says nothing without loss; expected --loss above 0');
  if (values.loss === 0 && given.has('handshake') && values.handshake === 'lossy') {
    problems.push('--handshake lossy says nothing without loss; expected --loss above 0');
  }
  const sendingMs = values.blackout === undefined ? values.duration : values.settle + values.blackout;
  const messages = values.seeds * CONNECTIONS * Math.ceil(sendingMs / MESSAGE_INTERVAL_MS);
  if (messages > MAX_MESSAGES) problems.push(`--seeds ${values.seeds} makes ${messages} messages; expected at most ${MAX_MESSAGES}`);
  problems.push(...seedProblems(values));
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}
