/**
 * The table of TLS cases on real sockets: firmware on this computer's backend against the relay's TLS front,
 * or a bare server where the relay cannot play.
 */
import type { AddressInfo, Server } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { Clock, WallClock } from 'hal';
import { createNodeBoard } from 'hal/node';
import { type Authority as CertificateAuthority, createKeyPair, issue, type KeyPair } from 'relay/certs/authority';
import { DEFAULT_CONFIG as RELAY_CONFIG } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import type { RelayObserver } from 'relay/observer';
import { createRelay, type Relay } from 'relay/relay';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { listenTls } from 'relay/tls/listen';
import { certifiedName } from 'relay/tls/peer-name';
import { beforeAll, expect, it, type TestContext } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import { createTestAuthorities } from '../testing/test-authorities.ts';
import { type Authority, type CaseCertificate, type Outcome, TLS_CASES, type TlsCase } from '../testing/tls-cases.ts';
import { createChannel } from './channel.ts';

const HOST = '127.0.0.1';
const BOARD_ID = 'board-1';
const KEY_BITS = 2048;
const DAYS = 10;
const YEAR_MS = 365 * 86_400_000;
/** What the board knows first the relay knows so much later at most, ms: loopback, on a busy machine. */
const SETTLE_MS = 100;

const EPOCH_MS = { right: Date.now(), 2000: Date.UTC(2000, 0, 1), 2100: Date.UTC(2100, 0, 1) };
let authorities: Record<Authority, CertificateAuthority>;
let keys: KeyPair;
let otherKeys: KeyPair;

beforeAll(async () => {
  authorities = await createTestAuthorities(Date.now());
  [keys, otherKeys] = await Promise.all([createKeyPair(KEY_BITS), createKeyPair(KEY_BITS)]);
});

function make({ authority, use, validity, name, sent, key }: CaseCertificate, server: boolean): { cert: string; key: string } {
  const nowMs = Date.now();
  const hosts = server ? [name === 'right' ? HOST : '192.0.2.1'] : use === 'server' ? ['elsewhere.test'] : [];
  const commonName = server ? 'relay' : name === 'right' ? BOARD_ID : 'board-2';
  const shiftMs = { current: 0, expired: -2 * YEAR_MS, future: 2 * YEAR_MS }[validity];
  const dates = shiftMs === 0 ? {} : { notBeforeMs: nowMs + shiftMs, notAfterMs: nowMs + shiftMs + YEAR_MS };
  const { cert } = issue(authorities[authority], { kind: use, commonName, hosts, ...keys, days: DAYS, nowMs, ...dates });
  return { cert: sent === 'alone' ? cert : cert + authorities[authority].cert, key: key === 'own' ? keys.key : otherKeys.key };
}

/** What the relay made of each connection, latest last. */
interface PlayedRelay {
  port: number;
  outcomes: Outcome<string>[];
}

async function playRelay(testCase: TlsCase, context: TestContext): Promise<PlayedRelay> {
  const outcomes: Outcome<string>[] = [];
  const clock = createRealClock();
  const { relay } = hostRelay(testCase, clock, outcomes, context);
  const { speaks, certReqs, certificate } = testCase.relay;
  if (speaks === 'plain') return { port: (await listen(relay.server, HOST, 0)).port, outcomes };
  const credentials = make(certificate, true);
  if (speaks === 'tls1.1') return { port: await listenOldTls(credentials, outcomes, context), outcomes };
  const ca = authorities.ours.cert;
  const front = await listenTls({ ...credentials, ca, relay, certReqs, clock, random: () => 0.5, host: HOST, port: 0 });
  context.onTestFinished(() => front.close());
  return { port: front.address.port, outcomes };
}

function hostRelay({ relay: { authorize } }: TlsCase, clock: Clock, outcomes: Outcome<string>[], { onTestFinished }: TestContext) {
  const observer = {
    sessionOpened: () => outcomes.push({ verdict: 'open', reason: '' }),
    refused: (_stream: unknown, _id: string, reason: string) => outcomes.push({ verdict: 'refused', reason: relayReason(reason) }),
  };
  const silent = new Proxy(observer, { get: (target, name) => Reflect.get(target, name) ?? (() => {}) }) as unknown as RelayObserver;
  const config = { ...RELAY_CONFIG, authorize, closeTimeoutMs: 100 };
  const relay: Relay = createRelay({
    clock,
    epochMs: Date.now,
    random: () => 0.5,
    config,
    log: NULL_LOG,
    observer: silent,
    nameOf: certifiedName,
  });
  onTestFinished(async () => {
    await relay.close();
  });
  return { relay };
}

function relayReason(reason: string): string {
  if (reason === 'not_authorized') return 'forbidden';
  return reason.replace('tls_', '');
}

async function listenOldTls(credentials: { cert: string; key: string }, outcomes: Outcome<string>[], { onTestFinished }: TestContext) {
  const server = createTlsServer({ ...credentials, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
  server.on('tlsClientError', () => outcomes.push({ verdict: 'refused', reason: 'protocol' }));
  onTestFinished(() => void server.close());
  return openPort(server);
}

function openPort(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port)));
}

function calendar(clock: TlsCase['board']['clock']): Omit<WallClock, 'parse'> {
  return { now: () => EPOCH_MS[clock], set() {}, synchronize: (_server, done) => done(null) };
}

/** Up to the first verdict; a lenient board's first attempt is none. */
function playBoard({ board }: TlsCase, port: number, { onTestFinished }: TestContext): Promise<Outcome<string>> {
  if (board.speaks === 'tls1.1') return playOldBoard(port);
  const own = board.certificate === null ? { cert: '', key: '' } : make(board.certificate, false);
  return new Promise((resolve) => {
    let reason = '';
    const event = (name: string, subject: string, detail: string) => {
      if (name === 'tls.failed') reason = subject;
      if (name !== 'channel.state') return;
      if (subject === 'open') resolve({ verdict: 'open', reason });
      if (subject === 'waiting' && !(board.certReqs === 1 && detail === 'tls')) {
        resolve({ verdict: 'refused', reason: detail === 'tls' ? reason : boardReason(detail) });
      }
    };
    const files = { ca: authorities[board.trusts].cert, cert: own.cert, key: own.key };
    const node = createNodeBoard({ files, log: { line() {}, event }, wallClock: calendar(board.clock) });
    onTestFinished(() => node.switchOff());
    createChannel(node.hal, {
      ...DEFAULT_CONFIG,
      server: `${board.speaks === 'plain' ? 'ws' : 'wss'}://${HOST}:${port}/`,
      client_id: BOARD_ID,
      ssl: { ca: 'ca', cert: own.cert && 'cert', key: own.key && 'key', cert_reqs: board.certReqs },
      backoff: { kind: 'fixed', jitter: 'none', min_ms: 100, max_ms: 100 },
    });
  });
}

function boardReason(cause: string): string {
  if (cause === 'refused') return 'forbidden';
  return cause === 'peer_closed' || cause === 'reset' ? 'no_answer' : cause;
}

function playOldBoard(port: number): Promise<Outcome<string>> {
  return new Promise((resolve) => {
    const options = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0', rejectUnauthorized: false } as const;
    const socket = connectTls({ host: HOST, port, ...options }, () => resolve({ verdict: 'open', reason: '' }));
    socket.on('error', () => resolve({ verdict: 'refused', reason: 'protocol' }));
  });
}

/**
 * A board that leaves looks to Node's servers like a handshake that broke off, or, where the handshake was
 * done by then, like nothing at all.
 */
function judged(outcomes: readonly Outcome<string>[], expected: TlsCase['onRelay']): Outcome<string> {
  const nobody = { verdict: 'refused', reason: expected.reason === 'nothing' ? 'nothing' : 'left' } as const;
  const last = outcomes.at(-1) ?? nobody;
  // The relay knows a TLS hello when it meets one.
  if (expected.reason === 'not_http' && last.reason === 'protocol') return { ...last, reason: 'not_http' };
  return expected.reason === 'left' && last.reason === 'protocol' ? nobody : last;
}

it.concurrent.for(TLS_CASES)('$name', async (testCase, context) => {
  const { port, outcomes } = await playRelay(testCase, context);
  const onBoard = await playBoard(testCase, port, context);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  expect({ onBoard, onRelay: judged(outcomes, testCase.onRelay) }).toEqual({ onBoard: testCase.onBoard, onRelay: testCase.onRelay });
});
