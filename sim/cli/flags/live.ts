/**
 * The flags of live mode: the same fleet on the wall clock and real sockets, against a relay of its own that
 * others can join, or somebody else's.
 */
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { readServer } from 'firmware/cli/server-flag';
import { parseServerUrl } from 'firmware/server-url';
import { type CommandLine, switchFlag, valueFlag } from 'host/command-line';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { CONSOLE_FLAGS, type ConsoleSettings, consoleSettings, consoleWords } from 'relay/cli/console-flags';
import { ORIGIN_FLAG } from 'relay/cli/origin-flag';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { certifiedName, rememberName } from 'relay/tls/peer-name';
import type { FleetCertificates } from '../../certificates/fleet.ts';
import { boardId } from '../../kernel/board-id.ts';
import type { OpenConsole } from '../../live/console.ts';
import type { WallClock } from '../../run/live.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { urlWithoutSecrets } from '../../scenario/secrets.ts';
import { openTarget, TARGET_FLAGS, type Trust, trustOf, trustWords } from './relay-target.ts';

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

interface Address {
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
  if (scenario.boards.config.redirects !== 0) {
    throw new UsageError(
      'boards.config.redirects: expected 0 with --relay, which is the only address that the boards are connected to; give the one that it redirects to',
    );
  }
  // The boards speak plainly up to the bridge, which does TLS where the URL says so.
  return { ...scenario, durationMs, ...withServer(scenario, live.url.replace(/^wss:/, 'ws:')) };
}

function withServer({ boards }: Scenario, server: string): Pick<Scenario, 'boards'> {
  return { boards: { ...boards, config: { ...boards.config, server } } };
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

export interface OpenLive {
  options: WallClock;
  /** Of the relay inside the world, when it speaks TLS. */
  certificates?: FleetCertificates;
  /** What clients need, for the run's folder. */
  files: { name: string; text: string; secret: boolean }[];
  /** Where clients can join, in words; '' at somebody else's relay. */
  invitation: string;
  close(): void;
}

export async function openLive(live: LiveSettings, scenario: Scenario): Promise<OpenLive> {
  // Before anybody can come in, who would wait for it.
  const { onWallClock } = await import('../../run/live.ts');
  if ('url' in live) {
    const url = parseServerUrl(live.url);
    if (url === null) throw new UsageError('--relay: not a URL');
    return {
      options: onWallClock({ bridge: await openTarget(url, live.trust), onClient: () => {} }),
      files: [],
      invitation: '',
      close: () => {},
    };
  }
  const tls = scenario.tls === 'none' ? null : await liveTls(scenario);
  const server: Server = tls?.server ?? createServer();
  const { port } = await listen(server, live.listen.host, live.listen.port).catch((error: unknown) => {
    // The relay's own command has two flags for it.
    throw error instanceof UsageError ? new UsageError(error.message.replace(/--(port|host)\b/g, '--listen')) : error;
  });
  return {
    options: onWallClock({
      bridge: null,
      allowOrigins: live.allowOrigins,
      console: await consoleOf(live.console, scenario),
      onClient: (callback) => {
        if (tls) server.on('secureConnection', (socket: TLSSocket) => callback(socket, provenName(socket)));
        else server.on('connection', (socket) => callback(socket, ''));
      },
    }),
    certificates: tls?.certificates,
    files: tls?.files ?? [],
    invitation: invitation(live, scenario, port),
    close: () => void server.close(),
  };
}

function invitation(
  { listen: { host }, console }: Extract<LiveSettings, { listen: Address }>,
  { tls, boards }: Scenario,
  port: number,
): string {
  const secure = tls === 'none' ? '' : 's';
  const words = consoleWords(console, `http${secure}://${host}:${port}/`);
  const id = tls === 'mutual' ? boardId(boards.count) : '<client_id>';
  return `Others can join: ws${secure}://${host}:${port}/${id}${words && `\n${words.charAt(0).toUpperCase()}${words.slice(1)}`}`;
}

/** Loaded only when there is one. */
async function consoleOf(settings: ConsoleSettings, { relay }: Scenario): Promise<OpenConsole | undefined> {
  if ('off' in settings) return undefined;
  const { createConsole } = await import('relay/console/console');
  return (parts) => createConsole({ ...parts, ...settings, clock: createRealClock(), epochMs: Date.now, config: relay });
}

function parseAddress(text: string): Address | null {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2] ?? Number.NaN);
  return match && port <= 65_535 ? { host: match[1].replace(/^\[(.*)\]$/, '$1'), port } : null;
}

/** Handshakes of real clients, ms. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** The port of a live run with TLS: the throw-away authority's certificates for real clients too. */
async function liveTls(scenario: Scenario): Promise<Required<Pick<OpenLive, 'certificates' | 'files'>> & { server: Server }> {
  const url = parseServerUrl(scenario.boards.config.server);
  const { createFleetCertificates } = await import('../../certificates/fleet.ts');
  const certificates = await createFleetCertificates(url?.host ?? '');
  const isMutual = scenario.tls === 'mutual';
  const { authority, relay } = certificates;
  const server = createTlsServer({
    ...relay,
    ca: authority,
    requestCert: isMutual,
    rejectUnauthorized: isMutual,
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  // A client that fails its handshake is gone, and nobody else's affair.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const files = [{ name: 'ca.crt', text: authority, secret: false }];
  if (isMutual) {
    // The id must be the certificate's name: the one after the last board's.
    const { cert, key } = certificates.board(scenario.boards.count);
    files.push({ name: 'client.crt', text: cert, secret: false }, { name: 'client.key', text: key, secret: true });
  }
  return { certificates, files, server };
}

function provenName(socket: TLSSocket): string {
  rememberName(socket);
  return certifiedName(socket);
}
