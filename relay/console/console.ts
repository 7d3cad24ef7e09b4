/**
 * The live page of a relay: who is connected, what happens, and a client to try it with. A guest of the relay
 * that watches it as an observer does.
 *
 * It outlives relays: a live simulation restarts the one that it watches. Pages, stream and gate each have a
 * file; what is shown is made in page/.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import { WebSocketServer } from 'ws';
import type { RelayObserver } from '../observer.ts';
import { type Answer, type Pages, pathOf, type UpgradeHandler, writeAnswer } from '../server/http.ts';
import { Feed } from './feed.ts';
import { Gate, type Verdict } from './gate.ts';
import type { Operations } from './operations.ts';
import { createPages } from './pages.ts';
import type { ConsoleConfig, EventKind } from './protocol.ts';
import { Watch } from './watch.ts';
import type { Weather } from './weather.ts';

/** Of two segments, so that it can never be a client's. */
const STREAM_PATH = '/console/stream';
/** Open at a time. Each costs what it is told of a storm. */
const MAX_PAGES = 16;
/** A request of a page that names a thousand boards. */
const MAX_REQUEST_BYTES = 128 * 1024;

export interface ConsoleParts {
  clock: Clock;
  /** Milliseconds since 1970. */
  epochMs: () => number;
  config: ConsoleConfig;
  /** What a browser has to show; null: whoever is on this computer may look. */
  token: string | null;
  /** Which connections are those of virtual boards. Left out: none. */
  isVirtual?: (stream: Duplex) => boolean;
  /** Of a live simulation. */
  weather?: Weather;
  /** For whoever shows the token; never without one. */
  operations?: Operations;
}

export interface RelayConsole {
  readonly observer: RelayObserver;
  readonly pages: Pages;
  readonly upgrades: UpgradeHandler;
  /**
   * Something that the relay does not know of has happened. @param id '' when it is about no client in
   * particular
   */
  note(kind: EventKind, id: string, text: string): void;
  /** To be called when the relay serves. */
  start(): void;
  close(): void;
}

export function createConsole({
  clock,
  epochMs,
  config,
  token,
  isVirtual = () => false,
  weather,
  operations = {},
}: ConsoleParts): RelayConsole {
  const watch = new Watch({ clock, epochMs, isVirtual });
  const feed = new Feed({ clock, config, watch, weather: weather ?? null, operations: token === null ? null : operations });
  const gate = new Gate(token, clock);
  const streams = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: MAX_REQUEST_BYTES });
  streams.on('wsClientError', (_error, stream) => writeAnswer(stream, BAD_HANDSHAKE));
  return {
    observer: watch.observer,
    pages: createPages(gate),
    upgrades: (request, stream, head, stay) => {
      if (pathOf(request.url) !== STREAM_PATH) return false;
      const refusal = refusalOf(gate, request, feed.pages);
      if (refusal !== null) writeAnswer(stream, refusal);
      else {
        streams.handleUpgrade(request, stream, head, (socket) => {
          stay();
          feed.attach(socket);
        });
      }
      return true;
    },
    note: (kind, id, text) => watch.note(kind, id, text),
    start: () => watch.start(),
    close: () => {
      feed.close();
      watch.close();
    },
  };
}

const BAD_HANDSHAKE: Answer = { status: 400, body: 'bad WebSocket handshake\n' };
const TOO_MANY_PAGES: Answer = { status: 503, body: `there are ${MAX_PAGES} consoles open already\n` };
const STATUS: Record<Exclude<Verdict, 'ok'>, number> = { host: 403, proxy: 403, origin: 403, none: 401, wrong: 401, often: 429 };

function refusalOf(gate: Gate, request: IncomingMessage, pages: number): Answer | null {
  const verdict = gate.judgePage(request);
  if (verdict !== 'ok') return { status: STATUS[verdict], body: 'only for the console’s own page\n' };
  return pages >= MAX_PAGES ? TOO_MANY_PAGES : null;
}
