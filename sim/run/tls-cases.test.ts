/**
 * The table of TLS cases in virtual time: the firmware on a board, the relay on its host, and the model of
 * TLS between them.
 */

import { app } from 'firmware/apps/echo';
import { createTestAuthorities } from 'firmware/testing/test-authorities';
import { type Authority as AuthorityName, type CaseCertificate, TLS_CASES, type TlsCase } from 'firmware/testing/tls-cases';
import { DAY_MS } from 'host/units';
import { type Authority, createKeyPair, type Issued, issue, type KeyPair } from 'relay/certs/authority';
import { beforeAll, describe, expect, it } from 'vitest';
import { BoardLab, PASSWORD, SERVER_HOST, SSID } from '../board/testing/board-lab.ts';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import { worldEvent } from '../kernel/events.ts';
import { RandomStreams } from '../kernel/random.ts';
import { TcpMachine } from '../net/tcp/host.ts';
import { LWIP } from '../net/tcp/parameters.ts';
import type { Certificates } from '../net/tls/certificates.ts';
import { ClientHandshake } from '../net/tls/client.ts';
import { serverHello } from '../net/tls/messages.ts';
import { FREE_PROCESSOR } from '../net/tls/processor.ts';
import type { ServerParts } from '../net/tls/server.ts';
import { TlsStream } from '../net/tls/stream.ts';
import { RelayHost } from '../relay-host/relay-host.ts';

const TLS_1_1 = 0x0302;
const ID = 'board-1';
const CLOCKS = { '2000': 946_684_800_000, '2100': 4_102_444_800_000 } as const;
const DATES = {
  current: {},
  expired: { notBeforeMs: WORLD_EPOCH_MS - 9 * DAY_MS, notAfterMs: WORLD_EPOCH_MS - DAY_MS },
  future: { notBeforeMs: WORLD_EPOCH_MS + DAY_MS, notAfterMs: WORLD_EPOCH_MS + 9 * DAY_MS },
} as const;
/** For both attempts of a lenient board, ms. */
const LONG_ENOUGH_MS = 10_000;

let authorities: Record<AuthorityName, Authority>;
let keys: KeyPair;
let anotherKey: string;

beforeAll(async () => {
  authorities = await createTestAuthorities(WORLD_EPOCH_MS);
  keys = await createKeyPair(2048);
  anotherKey = (await createKeyPair(2048)).key;
});

function certificateOf({ authority, use, validity, name, sent, key }: CaseCertificate): Issued {
  const right = name === 'right';
  const { cert } = issue(authorities[authority], {
    ...keys,
    kind: use,
    commonName: right ? ID : 'somebody-else',
    hosts: use === 'server' ? [right ? SERVER_HOST : '10.9.9.9'] : [],
    days: 30,
    nowMs: WORLD_EPOCH_MS,
    ...DATES[validity],
  });
  return { cert: sent === 'alone' ? cert : cert + authorities[authority].cert, key: key === 'own' ? keys.key : anotherKey };
}

function labOf({ board }: TlsCase): BoardLab {
  const shown = board.certificate === null ? null : certificateOf(board.certificate);
  const config = {
    wifi: { SSID, password: PASSWORD },
    server: `${board.speaks === 'plain' ? 'ws' : 'wss'}://${SERVER_HOST}:8000/`,
    client_id: ID,
    ssl: { cert_reqs: board.certReqs, ca: 'ca.crt', ...(shown === null ? {} : { cert: 'board.crt', key: 'board.key' }) },
  };
  const files = { 'config.json': JSON.stringify(config), 'ca.crt': authorities[board.trusts].cert };
  return new BoardLab({ app, files: { ...files, ...(shown === null ? {} : { 'board.crt': shown.cert, 'board.key': shown.key }) } });
}

function serverParts({ relay }: TlsCase, certificates: Certificates): ServerParts {
  const { cert, key } = certificateOf(relay.certificate);
  const identity = certificates.identity(cert, key);
  if (identity === null) throw new Error('the relay has no certificate');
  return { identity, certificates, certReqs: relay.certReqs, ca: authorities.ours.cert, epochMs: () => WORLD_EPOCH_MS };
}

function hostRelay(tlsCase: TlsCase, lab: BoardLab): RelayHost {
  const { relay } = tlsCase;
  const streams = new RandomStreams(1);
  const host = new RelayHost({
    kernel: lab.kernel,
    counters: { segments: 0, retransmits: 0 },
    config: { authorize: relay.authorize },
    backlog: 511,
    acceptMs: 0,
    tls: relay.speaks === 'tls' ? { server: serverParts(tlsCase, lab.certificates), counters: { bytes: 0 } } : null,
    random: streams.stream('relay'),
    randomFor: () => streams.stream('board'),
    transmit: (packet) => lab.sendDown(packet),
    emit: (event, board, connection, subject, detail, value) =>
      lab.events.push(worldEvent(lab.kernel.nowUs, event, board, connection, subject, detail, value)),
  });
  host.start();
  lab.route = () => host;
  return host;
}

interface Played {
  onBoard: { verdict: string; reason: string };
  onRelay: { verdict: string; reason: string };
}

async function play(tlsCase: TlsCase): Promise<Played> {
  const lab = labOf(tlsCase);
  const host = hostRelay(tlsCase, lab);
  const { clock } = tlsCase.board;
  lab.board.boot();
  if (clock !== 'right') lab.board.wallClock.setByStep(CLOCKS[clock]);
  await lab.run(LONG_ENOUGH_MS);
  const played = { onBoard: boardOutcome(lab), onRelay: relayOutcome(tlsCase, lab) };
  host.kill();
  await lab.run(0);
  return played;
}

function boardOutcome(lab: BoardLab): Played['onBoard'] {
  const states = lab.eventsNamed('channel.state');
  const failure = lab.eventsNamed('tls.failed').at(0)?.subject;
  if (states.some(({ subject }) => subject === 'open')) return { verdict: 'open', reason: failure ?? '' };
  const cause = states.find(({ detail }) => detail !== '')?.detail ?? '';
  const words: Record<string, string> = { refused: 'forbidden', peer_closed: 'no_answer', reset: 'no_answer' };
  return { verdict: 'refused', reason: failure ?? words[cause] ?? cause };
}

function relayOutcome({ relay, onRelay }: TlsCase, lab: BoardLab): Played['onRelay'] {
  if (lab.eventsNamed('ws.open').length > 0) return { verdict: 'open', reason: '' };
  const word = lab.eventsNamed('ws.refused').at(0)?.detail;
  if (word === undefined) return { verdict: 'refused', reason: 'nothing' };
  if (word === 'not_authorized') return { verdict: 'refused', reason: 'forbidden' };
  if (relay.speaks === 'plain') return { verdict: 'refused', reason: word === 'tls_protocol' ? 'not_http' : word };
  // Here a board that goes away says so, in an alert that the relay reports in its own words.
  const left = onRelay.reason === 'left' && /^tls_(protocol|bad_certificate)$/.test(word);
  return { verdict: 'refused', reason: left ? 'left' : word.replace('tls_', '') };
}

/** Of TLS 1.1 there is only the hello, which is where it ends. */
async function playOldBoard(tlsCase: TlsCase): Promise<Played> {
  const lab = await labOf({ ...tlsCase, board: { ...tlsCase.board, speaks: 'plain' } }).boot();
  const events: string[] = [];
  const certificates = lab.certificates;
  const settings = { ca: '', cert: '', key: '', verify: false };
  const parts = { settings, host: SERVER_HOST, certificates, processor: FREE_PROCESSOR, epochMs: () => 0, version: TLS_1_1 };
  const host = hostRelay(tlsCase, lab);
  const client = new TcpMachine(lab.kernel, LWIP, 0, { segments: 0, retransmits: 0 }, (packet) => host.receive(packet));
  lab.sendDown = (packet) => lab.kernel.schedule(lab.kernel.nowUs + 1_000, { onEvent: () => client.receive(packet) }, null);
  const stream = new TlsStream({ bytes: 0 }, FREE_PROCESSOR, (owner) => new ClientHandshake(owner, parts));
  stream.setHandlers({ onConnect() {}, onReadable() {}, onDrain() {}, onClose() {}, onTlsFailure: (failure) => events.push(failure) });
  stream.attach(client.connect(1, stream));
  await lab.run(LONG_ENOUGH_MS);
  const played = { onBoard: { verdict: 'refused', reason: events[0] }, onRelay: relayOutcome(tlsCase, lab) };
  host.kill();
  await lab.run(0);
  return played;
}

async function playOldRelay(tlsCase: TlsCase): Promise<Played> {
  const lab = labOf(tlsCase);
  const failures: string[] = [];
  lab.accept = (endpoint) => {
    const stream = new TlsStream({ bytes: 0 }, FREE_PROCESSOR, (owner) => ({
      peerIsDone: false,
      shown: '',
      start() {},
      onMessage: () => owner.sendMessages(serverHello(TLS_1_1)),
    }));
    stream.setHandlers({ onConnect() {}, onReadable() {}, onDrain() {}, onClose() {}, onTlsFailure: (failure) => failures.push(failure) });
    stream.attach(endpoint);
    return stream;
  };
  lab.board.boot();
  await lab.run(LONG_ENOUGH_MS);
  return { onBoard: boardOutcome(lab), onRelay: { verdict: 'refused', reason: failures[0] } };
}

function playerOf({ board, relay }: TlsCase): (tlsCase: TlsCase) => Promise<Played> {
  if (board.speaks === 'tls1.1') return playOldBoard;
  return relay.speaks === 'tls1.1' ? playOldRelay : play;
}

describe('TLS in virtual time', () => {
  it.each(TLS_CASES.map((tlsCase) => [tlsCase.name, tlsCase] as const))('%s', async (_name, tlsCase) => {
    const { onBoard, onRelay } = tlsCase;
    expect(await playerOf(tlsCase)(tlsCase)).toEqual({ onBoard, onRelay });
  });
});
