/**
 * `--metrics` of the relay's command line: where `/metrics` is served, if at all. Elsewhere is for relays
 * whose port only takes clients with a certificate, and there the relay takes an order too: `POST /drain`.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Clock } from 'hal';
import { valueFlag } from 'host/command-line';
import { parseInteger, within } from 'host/flag-values';
import type { RelayObserver } from '../observer.ts';
import type { Relay } from '../relay.ts';
import { type Answer, answerRequest, isReading, NO_PAGES, type Pages, pathOf, writeAnswer } from '../server/http.ts';
import { createOneRequestServer } from '../server/one-request.ts';
import { listen } from '../server/server.ts';
import type { LogLosses } from './metrics.ts';

export type MetricsPlace = 'on' | 'off' | { host: string; port: number };

const METRICS_PATH = '/metrics';
const DRAIN_PATH = '/drain';
const MAX_PORT = 65_535;
/** Of the server of its own: more than Prometheus and a few people open. */
const MAX_CONNECTIONS = 32;
/** `127.0.0.1:9100`, `[::1]:9100`. */
const HOST_AND_PORT = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d+)$/;

export const METRICS_FLAG = valueFlag<MetricsPlace>({
  about: 'Serve /metrics for Prometheus: on the port of the relay, not at all, or elsewhere',
  expected: 'on, off or an address such as 127.0.0.1:9100',
  default: 'on',
  parse: parsePlace,
});

export interface MetricsService {
  /** null: nobody is to be told. */
  observer: RelayObserver | null;
  /** For the relay's own port. */
  pages: Pages;
  /** To be called when the relay serves. @throws UsageError when the address cannot be had */
  start(): Promise<Server | null>;
}

/**
 * @param relay the one that is watched; asked only when a page is made
 * @param onDrain somebody orders it to part with its clients
 * @param log what its log has lost
 */
export async function openMetrics(
  place: MetricsPlace,
  clock: Clock,
  relay: () => Relay,
  onDrain: () => void,
  log?: LogLosses,
): Promise<MetricsService> {
  if (place === 'off') return { observer: null, pages: NO_PAGES, start: async () => null };
  const { createMetrics } = await import('./metrics.ts');
  const { observer, page } = createMetrics(clock, relay, log);
  const answer = async () => {
    const { type, body } = await page();
    return { status: 200, body, headers: { 'Content-Type': type } };
  };
  const pages: Pages = (request) => (isReading(request) && pathOf(request.url) === METRICS_PATH ? answer() : null);
  if (place === 'on') return { observer, pages, start: async () => null };
  const orDrain: Pages = (request) =>
    pathOf(request.url) === DRAIN_PATH ? Promise.resolve(answerDrain(request, onDrain, relay)) : pages(request);
  const start = async () => {
    const server = createOneRequestServer(
      {},
      (request, response) => answerRequest(request, response, relay().health, orDrain),
      (_request, stream) => writeAnswer(stream, { status: 400, body: 'nothing to upgrade to here\n' }),
    );
    server.maxConnections = MAX_CONNECTIONS;
    await listen(server, place.host, place.port, '--metrics');
    return server;
  };
  return { observer, pages: NO_PAGES, start };
}

/** A browser says where a page comes from that orders this, and no page may. */
function answerDrain({ method, headers }: IncomingMessage, onDrain: () => void, relay: () => Relay): Answer {
  if (method !== 'POST') return { status: 405, body: 'only POST\n', headers: { Allow: 'POST' } };
  if (headers.origin !== undefined) return { status: 403, body: 'not from a web page\n' };
  onDrain();
  return { status: 202, body: JSON.stringify(relay().health), headers: { 'Content-Type': 'application/json' } };
}

function parsePlace(text: string): MetricsPlace | null {
  if (text === 'on' || text === 'off') return text;
  const [, ipv6, host, digits] = HOST_AND_PORT.exec(text) ?? [];
  const port = digits === undefined ? null : within(parseInteger(digits), 0, MAX_PORT);
  return port === null ? null : { host: ipv6 ?? host, port };
}
