/**
 * `npm run fidelity -- --air`: the shared air beside ns-3's, with bounds; or, with any flag of a condition,
 * the model's figures under that condition.
 *
 * Exit codes: 0 within the bounds, 1 outside (the figures are listed), 2 a flag that cannot be used.
 */
import { type Command, type CommandLine, choiceFlag, type Flags, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { RATES, rateNamed } from '../../net/wifi/air/phy.ts';
import { ESP32_RADIO } from '../../net/wifi/parameters.ts';
import { isOutside } from '../comparison.ts';
import { durationFlag, numberFlag, optionalWholeFlag, seedFlag, seedProblems, seedsFlag, wholeFlag } from '../flags.ts';
import { comparisonText, resultText } from '../output.ts';
import { ACCESS_POINT_QUEUES, type AirConditions, airResult } from './by-hand.ts';
import { compareAir } from './compare.ts';

/** Far past the collapse of any cell. */
const MAX_STATIONS = 500;
const MAX_PAYLOAD_BYTES = 1472;
/** Above it next to nothing is left, and the neighbour has no room for what it offers. */
const MAX_NEIGHBOURS = 0.95;
const MAX_TRIES = 255;
const MIN_DURATION_MS = 1000;
const MAX_DURATION_MS = 3_600_000;
/** Three periods of the SOS fleet, as most fleets were measured. */
const DURATION_MS = 9750;
const PERIOD_MS = 3250;
/** All delays are held in memory. */
const MAX_PACKETS = 20_000_000;
/** What the fastest saturated cell carries. */
const SATURATED_PER_S = 6000;

const RATE_WORDS = `one of ${RATES.map(({ name }) => name).join(', ')}`;

export const AIR_SWITCH = switchFlag('The shared air of many boards, beside ns-3; its flags are told by --air --help');

const FLAGS = {
  air: AIR_SWITCH,
  stations: wholeFlag('Boards on the access point', 1, MAX_STATIONS, 50),
  traffic: choiceFlag(
    'A message of each board every 3.25 s and its copies to all others, or always something to send up',
    ['sos', 'saturated'],
    'sos',
  ),
  payload: optionalWholeFlag(
    'UDP payload of what boards send, bytes; absent, 43 as in the SOS measurement, or 100 with saturated traffic',
    1,
    MAX_PAYLOAD_BYTES,
  ),
  rate: valueFlag({ about: 'Rate of all frames', expected: RATE_WORDS, default: 'mcs7', parse: rateNamed }),
  slow: valueFlag({ about: 'Rate of the first board, both ways', expected: RATE_WORDS, parse: rateNamed }),
  neighbours: numberFlag('Share of the air that somebody else’s network takes', 0, MAX_NEIGHBOURS, 0),
  aggregate: switchFlag('The access point sends what waits for one board in one A-MPDU'),
  'ap-queue': choiceFlag(
    'What may wait at the access point: as under Linux; deep as in the measurement; 500 packets and no more',
    Object.keys(ACCESS_POINT_QUEUES) as (keyof typeof ACCESS_POINT_QUEUES)[],
    'linux',
  ),
  'board-tries': wholeFlag(
    'Tries of a board’s frame; the access point has 7, and in the measurement boards too',
    1,
    MAX_TRIES,
    ESP32_RADIO.tries,
  ),
  ack: choiceFlag(
    'Boards acknowledge every second copy or after 250 ms, as lwIP does, or each as in the measurement',
    ['delayed', 'each'],
    'delayed',
  ),
  duration: durationFlag('How long a run is measured', MIN_DURATION_MS, MAX_DURATION_MS, DURATION_MS),
  seed: seedFlag,
  seeds: seedsFlag('Runs per condition', 10),
  json: switchFlag('Print the result as one JSON document and nothing else'),
} satisfies Flags;

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npm run -s fidelity -- --air',
  about:
    'Sets the shared air beside ns-3.37 (802.11n, HT20, one stream, 2.4 GHz) and fails outside the bounds. With a condition it prints the model’s figures for it. ' +
    'Times are one way, from the sender’s queue to the receiver; of saturated boards, from when it is a packet’s turn.',
  flags: FLAGS,
  examples: [
    ['npm run fidelity -- --air', 'All that was measured'],
    [
      'npm run -s fidelity -- --air --stations 35 --traffic sos --ack each --board-tries 7 --ap-queue deep --json',
      'One condition, as in the measurement',
    ],
    ['npm run -s fidelity -- --air --stations 90 --ap-queue 500 --neighbours 0.3', 'What a simple access point does on a busy channel'],
  ],
};

type Values = Extract<CommandLine<typeof FLAGS>, { help: null }>['values'];
type FlagName = keyof typeof FLAGS;

/** These say under which seeds and how to print; every other flag is a condition. */
const NO_CONDITION: ReadonlySet<FlagName> = new Set<FlagName>(['air', 'seed', 'seeds', 'json']);
/** Flags that say nothing where boards only send up. */
const DOWN: readonly FlagName[] = ['aggregate', 'ap-queue', 'ack'];

/** @param out @param err take text for stdout and stderr @returns the exit code */
export async function airMain(words: readonly string[], out: (text: string) => void, err: (text: string) => void): Promise<number> {
  try {
    const line = await readCommandLine(COMMAND, words);
    if (line.help !== null) {
      out(`${line.help}\n`);
      return 0;
    }
    const { values, given } = line;
    checkSize(values);
    if (![...given].some((flag) => !NO_CONDITION.has(flag))) return await compare(values, out);
    for (const flag of DOWN) {
      if (values.traffic === 'saturated' && given.has(flag)) err(`--${flag} says nothing with --traffic saturated: all packets go up\n`);
    }
    out(resultText(await airResult(conditionsOf(values), seedsOf(values), values.duration), values.json));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err(`${error.message}\n${COMMAND.usage} --help shows all flags\n`);
    return 2;
  }
}

async function compare({ seed, seeds, json }: Values, out: (text: string) => void): Promise<number> {
  const comparisons = await compareAir(seedsOf({ seed, seeds }));
  const ok = !comparisons.some(isOutside);
  if (json) {
    const rows = comparisons.map(({ condition, figure, model, kernel: ns3, allowed, note }) => ({
      condition,
      figure,
      model,
      ns3,
      ratio: model === null || ns3 === 0 ? null : model / ns3,
      allowed,
      note,
    }));
    out(`${JSON.stringify({ ok, seed, seeds, comparisons: rows }, null, 2)}\n`);
  } else {
    out(`The model on ${seeds} seeds from ${seed} on, beside ns-3.37; each figure is the mean over runs as long as the measured ones.\n\n`);
    out(comparisonText(comparisons, 'ns-3'));
  }
  return ok ? 0 : 1;
}

function seedsOf({ seed, seeds }: { seed: number; seeds: number }): number[] {
  return Array.from({ length: seeds }, (_, index) => seed + index);
}

function conditionsOf(values: Values): AirConditions {
  return {
    stations: values.stations,
    traffic: values.traffic,
    payloadBytes: values.payload,
    rate: values.rate,
    slow: values.slow ?? null,
    neighbours: values.neighbours,
    aggregate: values.aggregate,
    queue: values['ap-queue'],
    boardTries: values['board-tries'],
    ackEach: values.ack === 'each',
  };
}

function checkSize(values: Values): void {
  const { stations, traffic, duration, seeds } = values;
  const problems = seedProblems(values);
  const perRun = traffic === 'sos' ? 2 * stations * stations * Math.ceil(duration / PERIOD_MS) : (SATURATED_PER_S * duration) / 1000;
  if (perRun * seeds > MAX_PACKETS) {
    problems.push(`--stations, --duration and --seeds make ${Math.ceil(perRun * seeds)} packets; expected at most ${MAX_PACKETS}`);
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}
