/** A relay behind TLS on a loopback port, a private authority, and a record of what the observer was told. */
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import {
  type Authority,
  type CertificateRequest,
  createAuthority,
  createKeyPair,
  type Issued,
  issue,
  type KeyPair,
} from '../certs/authority.ts';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import type { LogFields } from '../log.ts';
import { NULL_OBSERVER } from '../observer.ts';
import { createRelay, type Relay } from '../relay.ts';
import { createRealClock } from '../server/real-clock.ts';
import { type CertReqs, listenTls, type TlsFront } from '../tls/listen.ts';
import { certifiedName } from '../tls/peer-name.ts';

export const LOOPBACK = '127.0.0.1';
const DAYS = 30;

/** Makes certificates for one key pair, which is enough where only the certificate matters. */
export class Workshop {
  readonly authority: Authority;
  readonly other: Authority;
  readonly keys: KeyPair;
  readonly nowMs: number;

  private constructor(authority: Authority, other: Authority, keys: KeyPair, nowMs: number) {
    this.authority = authority;
    this.other = other;
    this.keys = keys;
    this.nowMs = nowMs;
  }

  static async open(nowMs: number): Promise<Workshop> {
    const options = { keyBits: 2048, days: DAYS, nowMs };
    const [authority, other, keys] = await Promise.all([createAuthority(options), createAuthority(options), createKeyPair(2048)]);
    return new Workshop(authority, other, keys, nowMs);
  }

  client(commonName: string, changes: Partial<CertificateRequest> = {}, authority = this.authority): Issued {
    return issue(authority, { kind: 'client', commonName, days: DAYS, nowMs: this.nowMs, ...this.keys, ...changes });
  }

  server(changes: Partial<CertificateRequest> = {}): Issued {
    return this.client('relay', { kind: 'server', hosts: [LOOPBACK], ...changes });
  }
}

export interface TlsRelay {
  relay: Relay;
  front: TlsFront;
  /** `opened board-1 as board-1`, `refused tls_expired 0`, `closed board-1 reset`. */
  events: string[];
  /** The fields of each log line, with its message. */
  lines: LogFields[];
  close(): Promise<void>;
}

export async function startTlsRelay(workshop: Workshop, certReqs: CertReqs, config: Partial<RelayConfig> = {}): Promise<TlsRelay> {
  const events: string[] = [];
  const lines: LogFields[] = [];
  const write = (fields: LogFields, msg: string) => lines.push({ ...fields, msg });
  const clock = createRealClock();
  const relay = createRelay({
    clock,
    epochMs: () => workshop.nowMs,
    random: () => 0.5,
    config: { ...DEFAULT_CONFIG, closeTimeoutMs: 500, ...config },
    log: { info: write, warn: write },
    observer: {
      ...NULL_OBSERVER,
      sessionOpened: ({ id, name }) => events.push(`opened ${id} as ${name || 'nobody'}`),
      refused: (_stream, _id, reason, status) => events.push(`refused ${reason} ${status}`),
      sessionClosed: ({ id }, cause) => events.push(`closed ${id} ${cause}`),
    },
    nameOf: certifiedName,
  });
  const credentials = { ...workshop.server(), ca: workshop.authority.cert };
  const front = await listenTls({ ...credentials, certReqs, relay, clock, random: () => 0.5, host: LOOPBACK, port: 0 });
  const close = () => {
    front.close();
    return relay.close();
  };
  return { relay, front, events, lines, close };
}

/**
 * The WebSocket once it is open, or the status of the refusal, or `closed` when it never came to an answer.
 */
export async function open({ front }: TlsRelay, id: string, options: ConnectionOptions = {}): Promise<WebSocket | number | 'closed'> {
  const client = new WebSocket(`wss://${LOOPBACK}:${front.address.port}/${id}`, { rejectUnauthorized: false, ...options });
  return new Promise((resolve) => {
    client.on('open', () => resolve(client));
    client.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    client.on('error', () => resolve('closed'));
  });
}

/** A TLS connection from its first byte, which may fail at any time. */
export function dial({ front }: TlsRelay, options: ConnectionOptions = {}): TLSSocket {
  const socket = connectTls({ host: LOOPBACK, port: front.address.port, rejectUnauthorized: false, ...options });
  socket.on('error', () => {});
  return socket;
}

export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('close', () => resolve());
  });
}

/** Until the relay has told so many events. */
export async function eventsOf({ events }: TlsRelay, count: number): Promise<string[]> {
  while (events.length < count) await turn();
  return events;
}

/** Lets the event loop take in what has arrived. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    createRealClock().setTimeout(resolve, 1);
  });
}
