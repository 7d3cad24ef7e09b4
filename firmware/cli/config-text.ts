/**
 * A config as the text of a `config.json`, with a comment above each key for whoever edits it. Programs get
 * it without (`config-file.ts`).
 */

const HEAD = [
  "A board's config.json. firmware build, firmware run and sim --config read it; comments are for people, a board gets none.",
  'What is left out has its default: npx tsx firmware config --help, and firmware/README.md.',
];

/** In the order of the file. */
export const COMMENTS: Record<string, string> = {
  wifi: 'The network that the board joins.',
  server: "The relay: ws://HOST:PORT/, or wss:// for TLS. The board's client_id is appended to the path.",
  client_id: 'Who the board is: 1 to 64 of A-Z a-z 0-9 . _ - and space, another for each board. "": the relay chooses one.',
  ssl: 'Files beside this one, PEM or DER, as npx tsx relay certs makes them. cert_reqs: 0 encrypts only, 2 verifies the relay by ca.',
  clock: 'Who tells the board what day it is, without which no certificate can be verified: none, sntp or date_header.',
  headers: 'Further lines of the opening request.',
  subprotocol: 'The WebSocket subprotocol to ask for.',
  redirects: 'HTTP redirects to follow in one attempt.',
  socket_delay_ms: 'One read of the socket per so many milliseconds; 0: as data comes.',
  keepalive: 'The board pings when it heard nothing for ping_interval_ms (0: never), and gives up when no answer came for ping_timeout_ms.',
  backoff: 'How long to wait before the next attempt: between min_ms and max_ms. jitter full spreads a fleet that comes back at once.',
  outbox: 'Messages that may wait while there is no connection.',
};

/** Longest line of a value that stays on one line. */
const COLUMNS = 100;
const INDENT = '  ';
/** Keys that are edited by hand: a line for each value. */
const EDITED: readonly string[] = ['wifi'];

/** @param value whose keys are those of the table above; text of it may be a secret */
export function configText(value: Record<string, unknown>, withComments: boolean): string {
  const keys = Object.keys(COMMENTS).filter((key) => value[key] !== undefined);
  const entries = keys.map((key, index) => {
    const comment = withComments ? `${INDENT}// ${COMMENTS[key]}\n` : '';
    return `${comment}${INDENT}${JSON.stringify(key)}: ${valueText(key, value[key])}${index < keys.length - 1 ? ',' : ''}\n`;
  });
  return `${withComments ? HEAD.map((line) => `// ${line}\n`).join('') : ''}{\n${entries.join('')}}\n`;
}

function valueText(key: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${JSON.stringify(inner)}`);
  const line = pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  if (!EDITED.includes(key) && line.length + key.length <= COLUMNS) return line;
  return `{\n${pairs.map((pair) => `${INDENT}${INDENT}${pair}`).join(',\n')}\n${INDENT}}`;
}
