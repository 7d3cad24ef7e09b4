/**
 * A server for the console alone, while a live simulation's relay is down: everybody else is hung up on, as
 * by a port where nobody listens.
 */
import type { Server } from 'node:http';
import { sendPage } from '../server/http.ts';
import { createOneRequestServer } from '../server/one-request.ts';
import type { RelayConsole } from './console.ts';

/** For a request to come, ms of silence. */
const PATIENCE_MS = 10_000;

export function createConsoleServer({ pages, upgrades }: Pick<RelayConsole, 'pages' | 'upgrades'>): Server {
  const server = createOneRequestServer(
    {},
    (request, response) => {
      const page = pages(request);
      if (page === null) request.socket.destroy();
      else sendPage(response, page);
    },
    (request, stream, head) => {
      if (!upgrades(request, stream, head, () => request.socket.setTimeout(0))) stream.destroy();
    },
  );
  return server.on('connection', (socket) => socket.setTimeout(PATIENCE_MS, () => socket.destroy()));
}
