/**
 * Toxiproxy's HTTP API, version 2, for a process that has one proxy: what a request asks for is done, and
 * what it gets is plain data.
 *
 * Not there: creating and deleting proxies, /populate, /metrics. `GET /connections` is ours.
 */
import type { Address } from '../address.ts';
import { formatAddress, parseUpstream, UPSTREAM_EXPECTED } from '../address.ts';
import type { Connection } from '../connection.ts';
import { MAX_TOXICS, type Toxic, type Toxics } from '../toxics.ts';
import { ApiError } from './api-error.ts';
import { badField, changeToxic, readMapping, readToxic } from './toxic-document.ts';

/** The name of the one proxy. */
export const PROXY_NAME = 'relay';
/** Of the API that is spoken here, and who speaks it. */
const VERSION = { version: '2.9.0', server: 'squall' };

/** What the API moves. */
export interface ControlledProxy {
  readonly enabled: boolean;
  readonly address: Address;
  /** Of connections to come. */
  upstream: Address;
  readonly toxics: Toxics;
  readonly connections: readonly Pick<Connection, 'number' | 'device' | 'upstreamBytes' | 'downstreamBytes'>[];
  start(): Promise<void>;
  stop(): void;
}

export interface Request {
  method: string;
  /** Without the query. */
  path: string;
  /** '' when there is none. */
  body: string;
}

export interface Answer {
  status: number;
  /** As JSON; undefined: nothing. */
  body?: unknown;
}

type Handler = (proxy: ControlledProxy, body: () => unknown, name: string) => Answer | Promise<Answer>;

/** By path, whose last part may be a name (`*`), and method. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/version': { GET: () => ok(VERSION) },
  '/reset': { POST: reset },
  '/connections': { GET: ({ connections }) => ok(connections.map(writeConnection)) },
  '/proxies': { GET: (proxy) => ok({ [PROXY_NAME]: writeProxy(proxy) }), POST: createProxy },
  [`/proxies/${PROXY_NAME}`]: { GET: (proxy) => ok(writeProxy(proxy)), POST: changeProxy, PATCH: changeProxy },
  [`/proxies/${PROXY_NAME}/toxics`]: { GET: ({ toxics }) => ok(toxics.all), POST: addToxic },
  [`/proxies/${PROXY_NAME}/toxics/*`]: {
    GET: ({ toxics }, _body, name) => ok(existing(toxics, name)),
    POST: updateToxic,
    PATCH: updateToxic,
    DELETE: deleteToxic,
  },
};

/** Never throws for what a client can get wrong. */
export async function answer(proxy: ControlledProxy, request: Request): Promise<Answer> {
  try {
    const { methods, name } = find(request.path);
    const { method } = request;
    if (!Object.hasOwn(methods, method))
      throw new ApiError(405, `${request.method} is not for this path; expected ${Object.keys(methods).join(', ')}`);
    return await methods[method](proxy, () => parseBody(request.body), name);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: { error: error.message, status: error.status } };
    throw error;
  }
}

function find(path: string): { methods: Readonly<Record<string, Handler>>; name: string } {
  const wanted = path.length > 1 ? path.replace(/\/$/, '') : path;
  if (Object.hasOwn(ROUTES, wanted)) return { methods: ROUTES[wanted], name: '' };
  const slash = wanted.lastIndexOf('/');
  const pattern = `${wanted.slice(0, slash)}/*`;
  if (Object.hasOwn(ROUTES, pattern)) return { methods: ROUTES[pattern], name: wanted.slice(slash + 1) };
  if (/^\/proxies\/[^/]+(\/toxics(\/[^/]+)?)?$/.test(wanted)) throw new ApiError(404, `proxy not found; there is one: ${PROXY_NAME}`);
  throw new ApiError(404, 'no such path; expected /version, /reset, /connections or /proxies');
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'bad request body: not JSON');
  }
}

async function reset(proxy: ControlledProxy): Promise<Answer> {
  proxy.toxics.clear();
  await proxy.start();
  return { status: 204 };
}

function createProxy(_proxy: ControlledProxy, body: () => unknown): never {
  const { name } = readMapping(body(), ['name', 'listen', 'upstream', 'enabled'], 'proxy');
  if (name === PROXY_NAME) throw new ApiError(409, 'proxy already exists');
  throw new ApiError(400, `this process has one proxy, ${PROXY_NAME}; start another process for another one`);
}

async function changeProxy(proxy: ControlledProxy, body: () => unknown): Promise<Answer> {
  const { enabled, listen, upstream } = readMapping(body(), ['name', 'listen', 'upstream', 'enabled'], 'proxy');
  if (listen !== undefined && listen !== formatAddress(proxy.address))
    throw badField('listen', `${formatAddress(proxy.address)}: it cannot be changed`);
  if (enabled !== undefined && typeof enabled !== 'boolean') throw badField('enabled', 'true or false');
  const address = upstream === undefined ? proxy.upstream : typeof upstream === 'string' ? parseUpstream(upstream) : null;
  if (address === null) throw badField('upstream', UPSTREAM_EXPECTED);
  proxy.upstream = address;
  if (enabled === false) proxy.stop();
  if (enabled === true) await proxy.start();
  return ok(writeProxy(proxy));
}

function addToxic({ toxics }: ControlledProxy, body: () => unknown): Answer {
  const toxic = readToxic(body());
  if (toxics.get(toxic.name)) throw new ApiError(409, 'toxic already exists');
  if (toxics.isFull) throw new ApiError(409, `expected at most ${MAX_TOXICS} toxics`);
  toxics.set(toxic);
  return ok(toxic);
}

function updateToxic({ toxics }: ControlledProxy, body: () => unknown, name: string): Answer {
  const changed = changeToxic(existing(toxics, name), body());
  toxics.set(changed);
  return ok(changed);
}

function deleteToxic({ toxics }: ControlledProxy, _body: () => unknown, name: string): Answer {
  toxics.delete(existing(toxics, name).name);
  return { status: 204 };
}

function existing(toxics: Toxics, name: string): Toxic {
  const toxic = toxics.get(name);
  if (!toxic) throw new ApiError(404, 'toxic not found');
  return toxic;
}

function writeProxy({ address, upstream, enabled, toxics }: ControlledProxy): unknown {
  return { name: PROXY_NAME, listen: formatAddress(address), upstream: formatAddress(upstream), enabled, toxics: toxics.all };
}

function writeConnection({ number, device, upstreamBytes, downstreamBytes }: ControlledProxy['connections'][number]): unknown {
  return {
    connection: number,
    device: device.number,
    address: device.address,
    upstream_bytes: upstreamBytes,
    downstream_bytes: downstreamBytes,
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}
