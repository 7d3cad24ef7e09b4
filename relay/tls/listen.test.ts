/** The relay behind real TLS on loopback: who gets in, and what the relay says of the others. */

import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { DAY_MS } from 'host/units';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { closed, dial, eventsOf, LOOPBACK, open, startTlsRelay, type TlsRelay, Workshop } from '../testing/tls-relay.ts';
import type { CertReqs } from './listen.ts';

let workshop: Workshop;
let running: TlsRelay | null = null;

beforeAll(async () => {
  workshop = await Workshop.open(Date.now());
});

afterEach(async () => {
  await running?.close();
  running = null;
});

async function start(...[certReqs, config]: [CertReqs, Parameters<typeof startTlsRelay>[2]?]): Promise<TlsRelay> {
  running = await startTlsRelay(workshop, certReqs, config);
  return running;
}

/** A client's certificate of each kind. */
const CERTIFICATES: Record<string, () => object> = {
  none: () => ({}),
  good: () => workshop.client('board-1'),
  'of another authority': () => workshop.client('board-1', {}, workshop.other),
  expired: () => workshop.client('board-1', { notBeforeMs: workshop.nowMs - 9 * DAY_MS, notAfterMs: workshop.nowMs - DAY_MS }),
  early: () => workshop.client('board-1', { notBeforeMs: workshop.nowMs + DAY_MS }),
  "a server's": () => workshop.server(),
};

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('with %s', (version) => {
  it.each([
    [0, 'none', 'opened board-1 as nobody'],
    [0, 'of another authority', 'opened board-1 as nobody'],
    [1, 'none', 'opened board-1 as nobody'],
    [1, 'good', 'opened board-1 as board-1'],
    [1, 'of another authority', 'refused tls_unknown_ca 0'],
    [1, 'expired', 'refused tls_expired 0'],
    [2, 'none', 'refused tls_certificate_required 0'],
    [2, 'good', 'opened board-1 as board-1'],
    [2, 'of another authority', 'refused tls_unknown_ca 0'],
    [2, 'expired', 'refused tls_expired 0'],
    [2, 'early', 'refused tls_not_yet_valid 0'],
    [2, "a server's", 'refused tls_bad_certificate 0'],
  ] as const)('--ssl-cert-reqs %i and a certificate that is %s: %s', async (certReqs, certificate, event) => {
    const test = await start(certReqs);
    const result = await open(test, 'board-1', { ...CERTIFICATES[certificate](), minVersion: version, maxVersion: version });
    expect(result instanceof WebSocket).toBe(event.startsWith('opened'));
    expect(await eventsOf(test, 1)).toEqual([event]);
    expect(test.lines[0].address).toBe(LOOPBACK);
    expect(test.lines[0].name).toBe(event.endsWith('as board-1') ? 'board-1' : undefined);
  });
});

describe('--authorize cn', () => {
  it('gives an id only to the client whose certificate names it', async () => {
    const test = await start(2, { authorize: 'cn', duplicateId: 'takeover' });
    const owner = await open(test, 'board-1', workshop.client('board-1'));
    expect(owner).toBeInstanceOf(WebSocket);
    expect(await open(test, 'board-1', workshop.client('board-2'))).toBe(403);
    expect(await open(test, '', workshop.client('board-2'))).toBe(403);
    expect(test.relay.clients).toBe(1);
    expect(test.events).toEqual(['opened board-1 as board-1', 'refused not_authorized 403', 'refused not_authorized 403']);
    expect(test.lines[1]).toMatchObject({ id: 'board-1', name: 'board-2', reason: 'not_authorized' });
  });

  it('lets the owner take its own session over', async () => {
    const test = await start(2, { authorize: 'cn', duplicateId: 'takeover' });
    const older = (await open(test, 'board-1', workshop.client('board-1'))) as WebSocket;
    const closed = once(older, 'close');
    expect(await open(test, 'board-1', workshop.client('board-1'))).toBeInstanceOf(WebSocket);
    expect((await closed)[0]).toBe(4001);
  });

  it('gives nothing to a client without certificate where it is optional', async () => {
    const test = await start(1, { authorize: 'cn' });
    expect(await open(test, 'board-1')).toBe(403);
    expect(await open(test, 'board-1', workshop.client('board-1'))).toBeInstanceOf(WebSocket);
  });

  it.each([
    'board-1\0evil',
    'board-1\n',
    '\x1b[31mboard-1',
    'böard-1',
    'a name that is longer than sixty-four characters, as no client id may be',
  ])('neither authorises nor prints the name %j', async (name) => {
    const test = await start(2, { authorize: 'cn' });
    expect(await open(test, 'board-1', workshop.client(name))).toBe(403);
    expect(test.lines[0]).toEqual({ id: 'board-1', reason: 'not_authorized', status: 403, address: LOOPBACK, msg: 'connection refused' });
  });
});

describe('what is not TLS as it should be', () => {
  it('refuses a plain client without a word of HTTP', async () => {
    const test = await start(0);
    const plain = connectTcp(test.front.address.port, LOOPBACK);
    plain.on('error', () => {});
    let received = '';
    plain.on('data', (bytes) => (received += bytes.toString('latin1')));
    plain.write('GET /board-1 HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(plain, 'close');
    expect(received).not.toContain('HTTP');
    expect(await eventsOf(test, 1)).toEqual(['refused tls_protocol 0']);
    expect(test.lines[0].code).toBe('ERR_SSL_HTTP_REQUEST');
  });

  it('refuses TLS 1.1', async () => {
    const test = await start(0);
    await closed(dial(test, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
    expect(await eventsOf(test, 1)).toEqual(['refused tls_protocol 0']);
  });
});

describe('renewed credentials', () => {
  it('are for new connections; those that are open go on', async () => {
    const test = await start(2);
    const before = (await open(test, 'board-1', workshop.client('board-1'))) as WebSocket;
    test.front.renew({ ...workshop.server({ commonName: 'renewed' }), ca: workshop.other.cert });
    expect(await open(test, 'board-2', workshop.client('board-2'))).toBe('closed');
    const after = dial(test, workshop.client('board-2', {}, workshop.other));
    await once(after, 'secureConnect');
    expect(after.getPeerCertificate().subject.CN).toBe('renewed');
    after.destroy();
    const answer = once(before, 'message');
    before.send('still here');
    expect(String((await answer)[0])).toBe('Server got your message!');
  });
});
