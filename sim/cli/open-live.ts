/** Opens the sockets of a live run: of its own relay, which others join, or to somebody else's. */
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { parseServerUrl } from 'firmware/server-url';
import { UsageError } from 'host/user-error';
import { type ConsoleSettings, consoleWords } from 'relay/cli/console-flags';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { certifiedName, rememberName } from 'relay/tls/peer-name';
import type { FleetCertificates } from '../certificates/fleet.ts';
import { boardId } from '../kernel/board-id.ts';
import type { OpenConsole } from '../live/console.ts';
import { onWallClock, type WallClock } from '../run/live.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Address, LiveSettings } from './flags/live.ts';
import { openTarget } from './flags/relay-target.ts';

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

/** Handshakes of real clients, ms. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** The port of a live run with TLS: the throw-away authority's certificates for real clients too. */
async function liveTls(scenario: Scenario): Promise<Required<Pick<OpenLive, 'certificates' | 'files'>> & { server: Server }> {
  const url = parseServerUrl(scenario.boards.config.server);
  const { createFleetCertificates } = await import('../certificates/fleet.ts');
  const certificates = await createFleetCertificates(url?.host ?? '');
  const isMutual = scenario.tls === 'mutual';
  const { authority } = certificates;
  const server = createTlsServer({
    ...certificates.relay('first'),
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
