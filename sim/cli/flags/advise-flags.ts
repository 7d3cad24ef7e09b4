/**
 * The three questions of `advise`, as flags and as a terminal asks them: each answer is read by the same
 * rule.
 */
import { type Command, switchFlag, valueFlag } from 'host/command-line';
import { meant } from 'host/nearest';
import { UsageError } from 'host/user-error';
import { didYouMean, duration, type Field, readTyped } from '../../kernel/fields.ts';
import { LINK_FIELDS } from '../../net/link/settings.ts';
import { ADVICE_IDLE_MIN_MS, ADVICE_MAX_MS, ADVICE_MIN_MS } from '../../study/tune/advice-world.ts';
import { readLink } from './link-flag.ts';
import { PRESET_FLAGS } from './preset-flags.ts';
import { WORKERS_FLAG } from './workers-flag.ts';

type LinkFields = Record<string, unknown>;

/**
 * What is lost after the radio's own retries, and how packets are late: assumed, from the studies' good and
 * bad links.
 */
export const LINKS: Record<string, { about: string; fields: LinkFields }> = {
  good: { about: '0.1 % of packets lost', fields: { latency: '10ms', jitter: '2ms', loss: 0.001 } },
  fair: { about: '1 %, two at a time', fields: { latency: '20ms', jitter: '10ms', loss: 0.01, burst: 2 } },
  bad: { about: '5 %, in bursts of 4', fields: { latency: '40ms', jitter: '20ms', loss: 0.05, burst: 4 } },
  terrible: { about: '15 %, in bursts of 6', fields: { latency: '80ms', jitter: '40ms', loss: 0.15, burst: 6 } },
};

/** One of the three: asked for as a flag, or on a terminal. */
export interface Question<T> {
  flag: 'detect-within' | 'link' | 'idle-timeout';
  /** Without its question mark. */
  words: string;
  /** What Enter means. */
  usual: string;
  expected: string;
  parse(text: string): T;
}

export interface Answer<T> {
  answer: T;
  /** As it was given. */
  text: string;
}

const detection = duration(ADVICE_MIN_MS, ADVICE_MAX_MS);
const idle = duration(ADVICE_IDLE_MIN_MS, 86_400_000);

export const DETECT_WITHIN: Question<number> = {
  flag: 'detect-within',
  words: 'How long may a dead link go unnoticed',
  usual: '30s',
  expected: detection.expected,
  parse: (text) => readField(detection, text),
};

export const LINK: Question<LinkFields> = {
  flag: 'link',
  words: `How bad is the Wi-Fi: ${Object.entries(LINKS)
    .map(([name, { about }]) => `${name} (${about})`)
    .join(', ')}, a share (0.02), or fields of link: (loss=0.02,burst=3,latency=60ms)`,
  usual: 'fair',
  expected: `one of ${Object.keys(LINKS).join(', ')}, a share of packets that are lost, or fields of link: (loss=0.02,burst=3)`,
  parse: readLinkAnswer,
};

export const IDLE_TIMEOUT: Question<number | null> = {
  flag: 'idle-timeout',
  words: 'After how long does something on the way (NAT, proxy, load balancer) forget an idle connection, or none',
  usual: 'none',
  expected: `none, or ${idle.expected}`,
  parse: (text) => (text.trim().toLowerCase() === 'none' ? null : readField(idle, text, 'none, or ')),
};

export const ADVISE_FLAGS = {
  'detect-within': flagOf(DETECT_WITHIN, 'How long a dead link may go unnoticed'),
  link: flagOf(LINK, 'How bad the Wi-Fi is'),
  'idle-timeout': flagOf(IDLE_TIMEOUT, 'After how long something on the way forgets an idle connection'),
  ...PRESET_FLAGS,
  workers: WORKERS_FLAG,
  out: valueFlag<string>({
    about: 'Where to write the result, else runs/advice-<digest of the question>',
    expected: 'a folder',
    parse: (text) => (text === '' ? null : text),
  }),
  json: switchFlag('Print front.json and nothing else'),
  quiet: switchFlag('Print the result only: no plan, no progress'),
  'no-report': switchFlag('Do not write report.html'),
};

export const ADVISE_COMMAND: Command<typeof ADVISE_FLAGS> = {
  usage: 'npx tsx sim advise',
  about:
    'Says which keepalive to set: asks three things, tries what comes into question on simulated boards that only listen, and answers in a sentence. What is ' +
    'not given as a flag is asked for on a terminal. Same answers, same advice.',
  flags: ADVISE_FLAGS,
  examples: [
    ['npx tsx sim advise', 'asks'],
    ['npx tsx sim advise --detect-within 30s --link bad --idle-timeout 60s', 'without a terminal'],
    [
      'npx tsx sim advise --detect-within 30s --link bad --idle-timeout 60s --client esp_websocket_client --server-preset uvicorn',
      'for those libraries, with the lines to paste',
    ],
    ['npx tsx sim advise --detect-within 15s --link loss=0.02,burst=3,latency=60ms --idle-timeout none', 'a link of your own'],
  ],
};

function flagOf<T>({ expected, parse }: Question<T>, about: string) {
  return valueFlag<Answer<T>>({ about, expected, parse: (text) => ({ answer: parse(text), text: text.trim() }) });
}

function readField<T>(field: Field<T>, text: string, others = ''): T {
  const value = readTyped(field, text.trim());
  if (value !== null) return value;
  throw new UsageError(`expected ${others}${field.expected}, got ${JSON.stringify(text)}${didYouMean(field, text)}`);
}

function readLinkAnswer(text: string): LinkFields {
  const word = text.trim();
  if (Object.hasOwn(LINKS, word)) return LINKS[word].fields;
  if (word.includes('=')) return Object.fromEntries(readLink(word).map(({ path, value }) => [path[1], value]));
  const loss = readTyped(LINK_FIELDS.loss, word);
  if (loss !== null) return { loss };
  const near = meant(word, Object.keys(LINKS));
  const hint = near === null ? didYouMean<unknown>(LINK_FIELDS.loss, word) : ` (did you mean ${near}?)`;
  throw new UsageError(`expected ${LINK.expected}, got ${JSON.stringify(text)}${hint}`);
}
