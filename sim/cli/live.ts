/** The flags of live mode: the same fleet on the wall clock and real sockets, against a relay of its own that others can join, or somebody else's. */
import { createServer, type Server } from 'node:net';
import { parseServerUrl } from 'firmware/config';
import { listen } from 'relay/server';
import { switchFlag, UsageError, valueFlag } from 'relay/usage';
import type { LiveOptions } from '../run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { shellQuote } from './shell-quote.ts';

/** A live run without `--duration` goes on until Ctrl-C, or for so long, ms: a day. */
const UNTIL_STOPPED_MS = 86_400_000;
const DEFAULT_LISTEN = '127.0.0.1:8000';

export const LIVE_FLAGS = {
  relay: valueFlag<string>({
    about: 'Live, on the wall clock: the boards talk to this relay over real sockets',
    expected: 'a URL such as ws://192.168.1.10:8000/ or wss://relay.example/',
    parse: (text) => (parseServerUrl(text) === null ? null : text),
  }),
  live: switchFlag('Live, on the wall clock: real devices, browsers and other clients can join the relay of this run'),
  listen: valueFlag<Address>({
    about: 'Where the relay of a live run listens',
    expected: 'HOST:PORT, port 0 to 65535',
    default: DEFAULT_LISTEN,
    parse: parseAddress,
  }),
};

interface Address {
  host: string;
  port: number;
}

export type LiveSettings = { url: string } | { listen: Address };

/** null: virtual time. */
export function liveSettings(
  values: { relay: string | undefined; live: boolean; listen: Address },
  given: ReadonlySet<string>,
): LiveSettings | null {
  if (values.relay !== undefined && (values.live || given.has('listen'))) {
    throw new UsageError('--relay contradicts --live and --listen: the boards talk to that relay, or to one of this run');
  }
  if (values.relay !== undefined) return { url: values.relay };
  if (given.has('listen') && !values.live) throw new UsageError('--listen: expected --live beside it');
  return values.live ? { listen: values.listen } : null;
}

/** The scenario as it is played live. @param endless nobody said how long */
export function liveScenario(scenario: Scenario, live: LiveSettings, endless: boolean): Scenario {
  if (scenario.tls !== 'none') {
    throw new UsageError('--tls: virtual TLS is a model that no real relay understands; for a relay that speaks TLS use --relay wss://…');
  }
  const durationMs = endless ? UNTIL_STOPPED_MS : scenario.durationMs;
  if (!('url' in live)) return { ...scenario, durationMs };
  // The boards speak plainly up to the bridge, which does TLS where the URL says so.
  const server = live.url.replace(/^wss:/, 'ws:');
  return { ...scenario, durationMs, boards: { ...scenario.boards, config: { ...scenario.boards.config, server } } };
}

export function liveWords(live: LiveSettings | null): string {
  if (live === null) return '';
  if ('url' in live) return ` --relay ${shellQuote(live.url)}`;
  const { host, port } = live.listen;
  const address = `${host}:${port}`;
  return address === DEFAULT_LISTEN ? ' --live' : ` --live --listen ${address}`;
}

export interface OpenLive {
  options: LiveOptions;
  /** Where clients can join, in words; '' at somebody else's relay. */
  invitation: string;
  close(): void;
}

export async function openLive(live: LiveSettings): Promise<OpenLive> {
  if ('url' in live) {
    const url = parseServerUrl(live.url);
    if (url === null) throw new UsageError(`--relay: not a URL: ${live.url}`);
    return { options: { bridge: url, server: null }, invitation: '', close: () => {} };
  }
  const server: Server = createServer();
  const { port } = await listen(server, live.listen.host, live.listen.port).catch((error: unknown) => {
    // The relay's own command has two flags for it.
    throw error instanceof UsageError ? new UsageError(error.message.replace(/--(port|host)\b/g, '--listen')) : error;
  });
  return {
    options: { bridge: null, server },
    invitation: `Others can join: ws://${live.listen.host}:${port}/<client_id>`,
    close: () => void server.close(),
  };
}

function parseAddress(text: string): Address | null {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2] ?? Number.NaN);
  return match && port <= 65_535 ? { host: match[1].replace(/^\[(.*)\]$/, '$1'), port } : null;
}
