/**
 * The flags of live mode: the same fleet on the wall clock and real sockets, against a relay of its own that
 * others can join, or somebody else's.
 */
import { readServer } from 'firmware/cli/server-flag';
import { type CommandLine, switchFlag, valueFlag } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { CONSOLE_FLAGS, type ConsoleSettings, consoleSettings } from 'relay/cli/console-flags';
import { ORIGIN_FLAG } from 'relay/cli/origin-flag';
import { groupsOf } from '../../scenario/groups.ts';
import type { BoardSettings, Scenario } from '../../scenario/scenario.ts';
import { urlWithoutSecrets } from '../../scenario/secrets.ts';
import { TARGET_FLAGS, type Trust, trustOf, trustWords } from './relay-target.ts';

/** A live run without `--duration` goes on until Ctrl-C, or for so long, ms: a day. */
const UNTIL_STOPPED_MS = 86_400_000;
const DEFAULT_LISTEN = '127.0.0.1:8000';

export const LIVE_FLAGS = {
  relay: valueFlag<string>({
    about: 'Live, on the wall clock: the boards talk to this relay over real sockets',
    expected: 'a URL such as ws://192.168.1.10:8000/ or wss://relay.example/',
    parse: readServer,
  }),
  live: switchFlag('Live, on the wall clock: real devices, browsers and other clients can join the relay of this run'),
  listen: valueFlag<Address>({
    about: 'Where the relay of a live run listens',
    expected: 'HOST:PORT, port 0 to 65535',
    default: DEFAULT_LISTEN,
    parse: parseAddress,
  }),
  ...TARGET_FLAGS,
  'allow-origin': ORIGIN_FLAG,
  ...CONSOLE_FLAGS,
};

type Values = Extract<CommandLine<typeof LIVE_FLAGS>, { help: null }>['values'];

const NEED_LIVE = ['listen', 'allow-origin', 'no-console', 'console-token'] as const;

export interface Address {
  host: string;
  port: number;
}

export type LiveSettings = { url: string; trust: Trust } | { listen: Address; allowOrigins: string[]; console: ConsoleSettings };

/** null: virtual time. */
export function liveSettings(values: Values, given: ReadonlySet<string>): LiveSettings | null {
  if (values.relay !== undefined && (values.live || given.has('listen'))) {
    throw new UsageError('--relay contradicts --live and --listen: the boards talk to that relay, or to one of this run');
  }
  const alone = values.live ? undefined : NEED_LIVE.find((flag) => given.has(flag));
  if (alone !== undefined) throw new UsageError(`--${alone}: expected --live beside it`);
  const trust = trustOf(values, values.relay);
  if (values.relay !== undefined) return { url: values.relay, trust };
  if (!values.live) return null;
  const allowOrigins = values['allow-origin'].flat();
  return { listen: values.listen, allowOrigins, console: consoleSettings(values, values.listen.host) };
}

/** The scenario as it is played live. @param endless nobody said how long */
export function liveScenario(scenario: Scenario, live: LiveSettings, endless: boolean): Scenario {
  const durationMs = endless ? UNTIL_STOPPED_MS : scenario.durationMs;
  if (!('url' in live))
    return { ...scenario, durationMs, ...(scenario.tls === 'none' ? {} : withServer(scenario, `wss://${ownAddress(live.listen)}/`)) };
  if (scenario.tls !== 'none') {
    throw new UsageError(
      '--tls: its certificates are known to the relay of this run only; for another one that speaks TLS use --relay wss://…',
    );
  }
  if (groupsOf(scenario).some(({ boards }) => boards.config.redirects !== 0)) {
    throw new UsageError(
      'boards.config.redirects: expected 0 with --relay, which is the only address that the boards are connected to; give the one that it redirects to',
    );
  }
  if (scenario.steps.some(({ action, parameters }) => action === 'board.update' && parameters.over === 'air')) {
    throw new UsageError('steps: board.update: over: air is what the relay of this run offers; with --relay expected over: cable');
  }
  // The boards speak plainly up to the bridge, which does TLS where the URL says so.
  return { ...scenario, durationMs, ...withServer(scenario, live.url.replace(/^wss:/, 'ws:')) };
}

function withServer({ boards, fleet }: Scenario, server: string): Pick<Scenario, 'boards' | 'fleet'> {
  const connected = (some: BoardSettings): BoardSettings => ({ ...some, config: { ...some.config, server } });
  return { boards: connected(boards), fleet: fleet.map((group) => ({ ...group, boards: connected(group.boards) })) };
}

/** What clients on this computer connect to, and the relay's certificate is for. */
function ownAddress({ host, port }: Address): string {
  const name = /^[A-Za-z0-9.-]+$/.test(host) && host !== '0.0.0.0' ? host : '127.0.0.1';
  // A port that the system chooses is not known yet, and virtual boards need none in particular.
  return port === 0 ? name : `${name}:${port}`;
}

export function liveWords(live: LiveSettings | null): string {
  if (live === null) return '';
  if ('url' in live) return ` --relay ${shellQuote(urlWithoutSecrets(live.url))}${trustWords(live.trust)}`;
  const { host, port } = live.listen;
  const address = `${host}:${port}`;
  const listening = address === DEFAULT_LISTEN ? '' : ` --listen ${address}`;
  return ` --live${listening}${live.allowOrigins.map((origin) => ` --allow-origin ${shellQuote(origin)}`).join('')}`;
}

function parseAddress(text: string): Address | null {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2] ?? Number.NaN);
  return match && port <= 65_535 ? { host: match[1].replace(/^\[(.*)\]$/, '$1'), port } : null;
}
