/**
 * The control port: HTTP around the API, with what keeps strangers out.
 *
 * Who can reach the port can cut every connection, so beyond this computer a token is needed. Pages in a
 * browser are refused by their Origin, and by a Host that is not this computer's (a name of somebody else's
 * that resolves to 127.0.0.1), as no page has business here. What a reverse proxy passes on is not of this
 * computer.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isForwarded } from 'relay/admission/forwarded';
import { type Address, isLoopback, parseAddress } from '../address.ts';
import { listenAt } from '../listen.ts';
import { type Answer, answer, type ControlledProxy } from './api.ts';
import { ApiError } from './api-error.ts';

/** A toxic for a thousand devices by address needs less. */
const MAX_BODY_BYTES = 64 * 1024;
/** Requests are few and short. */
const MAX_CONTROL_CONNECTIONS = 32;
const REQUEST_TIMEOUT_MS = 10_000;

export interface ControlServer {
  address: Address;
  close(): void;
}

/** @param token null: everybody who can reach the port is trusted, which is for loopback only */
export async function openControl(proxy: ControlledProxy, address: Address, token: string | null): Promise<ControlServer> {
  const server: Server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => void serve(proxy, token, request, response),
  );
  server.maxConnections = MAX_CONTROL_CONNECTIONS;
  const at = await listenAt(server, address, '--control');
  return {
    address: at,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve(proxy: ControlledProxy, token: string | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await answerTo(proxy, token, request);
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

async function answerTo(proxy: ControlledProxy, token: string | null, request: IncomingMessage): Promise<Answer> {
  try {
    admit(token, request);
    const path = (request.url ?? '/').split('?', 1)[0];
    return await answer(proxy, { method: request.method ?? '', path, body: await readBody(request) });
  } catch (error) {
    const { status, message } = error instanceof ApiError ? error : new ApiError(500, (error as Error).message);
    return { status, body: { error: message, status } };
  }
}

function admit(token: string | null, request: IncomingMessage): void {
  const { headers } = request;
  if (headers.origin !== undefined) throw new ApiError(403, 'pages in a browser are not served');
  if (token !== null) {
    if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) throw new ApiError(401, 'expected the header Authorization: Bearer TOKEN');
  } else if (isForwarded(request)) {
    throw new ApiError(403, 'by a reverse proxy only with --control-token');
  } else if (!isLoopback(hostOf(headers.host ?? ''))) {
    throw new ApiError(403, 'expected a Host of this computer, such as 127.0.0.1');
  }
}

function hostOf(header: string): string {
  return parseAddress(header)?.host ?? header.replace(/^\[|\]$/g, '');
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new ApiError(413, `expected a body of at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
