/**
 * The channel with TLS on the scripted HAL: files, words, clocks and second chances. The table on real
 * sockets is in tls-cases.test.ts.
 */
import fc from 'fast-check';
import type { TlsFailure } from 'hal';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type DeviceConfig } from '../config.ts';
import { FakeHal } from '../testing/fake-hal.ts';
import { createChannel } from './channel.ts';
import { dateText } from './tls-clock.ts';

const YEAR_2000 = Date.UTC(2000, 0, 1);

function start(changes: Partial<DeviceConfig> = {}, prepare: (hal: FakeHal) => void = () => {}) {
  const hal = new FakeHal();
  hal.epochMs = YEAR_2000;
  hal.files['ca.der'] = 'CA';
  prepare(hal);
  createChannel(hal, {
    ...DEFAULT_CONFIG,
    server: 'wss://relay.local/',
    ssl: { key: '', cert: '', ca: 'ca.der', cert_reqs: 2 },
    backoff: { kind: 'fixed', jitter: 'none', min_ms: 1200, max_ms: 1200 },
    ...changes,
  });
  hal.clock.advance(100);
  return hal;
}
const clock = (source: DeviceConfig['clock']['source']) => ({ clock: { source, server: 'time.local' } });

describe('files', () => {
  it('gives the socket what is in them, and port 443', () => {
    const hal = start({ ssl: { key: 'k', cert: 'c', ca: 'ca.der', cert_reqs: 2 } }, ({ files }) =>
      Object.assign(files, { k: 'KEY', c: 'CERT' }),
    );
    expect([hal.socket().address, hal.socket().tls]).toEqual(['relay.local:443', { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true }]);
  });

  it.each([
    [0, false],
    [1, true],
    [2, true],
  ])('cert_reqs %i verifies: %s', (cert_reqs, verify) => {
    expect(start({ ssl: { ...DEFAULT_CONFIG.ssl, ca: 'ca.der', cert_reqs } }).socket().tls?.verify).toBe(verify);
  });

  it('does not start without one of them, and says which', () => {
    const hal = start({ ssl: { key: 'k', cert: 'c', ca: 'ca.der', cert_reqs: 2 } });
    hal.clock.advance(60_000);
    expect([hal.sockets.length, hal.log.lines]).toEqual([0, ['channel: not started: ssl: no such file on the device: c k']]);
  });

  it('needs no authority where nothing is verified', () => {
    expect(start({ ssl: { ...DEFAULT_CONFIG.ssl, ca: 'missing', cert_reqs: 0 } }).socket().tls).toMatchObject({ ca: '', verify: false });
  });

  it('reads none for a plain server', () => {
    const hal = start({ server: 'ws://relay.local/', ssl: { key: 'k', cert: 'c', ca: 'x', cert_reqs: 2 } });
    expect(hal.socket().tls).toBeNull();
  });
});

describe('a failure', () => {
  it.each<[TlsFailure, string]>([
    ['unknown_ca', "the relay's certificate is of another authority"],
    ['expired', "the relay's certificate is expired by this board's clock (2000-01-01)"],
    ['not_yet_valid', "the relay's certificate is not yet valid by this board's clock (2000-01-01)"],
    ['name_mismatch', "the relay's certificate is for another host"],
    ['certificate_required', 'the relay wants a certificate, see ssl.cert'],
    ['bad_certificate', 'a certificate is unreadable, not for this use, or not accepted'],
    ['protocol', 'no TLS on the other side, or no version in common'],
  ])('%s has its line, its event and the cause tls', (failure, words) => {
    const hal = start();
    hal.socket().failTls(failure);
    expect(hal.log.lines.at(-1)).toBe(`channel: tcp -> waiting 1.2s (tls: ${words})`);
    expect(hal.log.named('tls.failed').map(({ subject }) => subject)).toEqual([failure]);
    expect(hal.log.states().at(-1)).toBe('waiting tls');
  });

  it('with cert_reqs 1 is logged, and the next attempt, but only that one, goes without looking', () => {
    const hal = start({ ssl: { ...DEFAULT_CONFIG.ssl, ca: 'ca.der', cert_reqs: 1 } });
    hal.socket().failTls('unknown_ca');
    hal.clock.advance(1200);
    expect(hal.socket().tls?.verify).toBe(false);
    hal.socket().fail('reset');
    hal.clock.advance(1200);
    expect(hal.socket().tls?.verify).toBe(true);
  });

  it('with cert_reqs 2 never leads to an attempt without verification', () => {
    const hal = start();
    for (const failure of ['unknown_ca', 'expired', 'name_mismatch'] as const) {
      hal.socket().failTls(failure);
      hal.clock.advance(1200);
      expect(hal.socket().tls?.verify).toBe(true);
    }
  });
});

describe('the time server', () => {
  it('is asked before the first connection, and again after a failure of dates', () => {
    const asked: string[] = [];
    const hal = start(clock('sntp'), (fake) => {
      const { synchronize } = fake.wallClock;
      fake.wallClock.synchronize = (server, done) => {
        asked.push(server);
        synchronize(server, done);
      };
    });
    hal.clock.advance(1);
    expect([asked.length, hal.sockets.length]).toEqual([1, 1]);
    hal.socket().fail('reset');
    hal.clock.advance(1201);
    expect(asked.length).toBe(1);
    hal.socket().failTls('not_yet_valid');
    hal.clock.advance(1201);
    expect([asked, hal.sockets.length]).toEqual([['time.local', 'time.local'], 3]);
  });

  it('that never answers holds the channel up for twenty seconds', () => {
    const hal = start(clock('sntp'), (fake) => {
      fake.wallClock.synchronize = () => {};
    });
    hal.clock.advance(19_000);
    expect(hal.sockets.length).toBe(0);
    hal.clock.advance(1_000);
    expect([hal.sockets.length, hal.log.lines.at(-1)]).toEqual([1, 'clock: not set (no answer)']);
  });

  it('that answers when Wi-Fi is gone again opens nothing', () => {
    let answer = () => {};
    const hal = start(clock('sntp'), (fake) => {
      fake.wallClock.synchronize = (_server, done) => {
        answer = () => done(null);
      };
    });
    hal.wifi.outcome = undefined;
    hal.wifi.lose('beacon timeout');
    answer();
    expect(hal.sockets.length).toBe(0);
  });
});

describe('the Date header', () => {
  function askedAfter(failure: TlsFailure) {
    const hal = start(clock('date_header'));
    hal.socket().failTls(failure);
    hal.clock.advance(1200);
    return hal;
  }

  it('is asked for on one unverified connection that sends no message, then the verified one follows', () => {
    const hal = askedAfter('not_yet_valid');
    const asker = hal.socket();
    expect(asker.tls).toMatchObject({ verify: false, ca: '' });
    asker.handlers.onConnect();
    expect(asker.writes).toEqual(['HEAD / HTTP/1.1\r\nHost: relay.local:443\r\nConnection: close\r\n\r\n']);
    asker.receive('HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 2033 ');
    asker.receive('08:49:37 GMT\r\n\r\n');
    expect(hal.wallClock.now()).toBe(Date.UTC(2033, 10, 6, 8, 49, 37));
    expect([asker.destroyed, hal.socket().tls?.verify, hal.log.lines.at(-1)]).toEqual([true, true, 'clock: 2033-11-06']);
  });

  it('is not asked for after any other failure', () => {
    expect(askedAfter('expired').socket().tls?.verify).toBe(true);
    expect(askedAfter('unknown_ca').socket().tls?.verify).toBe(true);
  });

  it.each<[string, (hal: FakeHal) => void]>([
    ['no answer', (hal) => hal.clock.advance(20_000)],
    ['an endless one', (hal) => hal.socket().receive('x'.repeat(5000))],
    ['a connection that ends', (hal) => hal.socket().fin()],
  ])('goes on after %s', (_what, befall) => {
    const hal = askedAfter('not_yet_valid');
    befall(hal);
    expect([hal.wallClock.now(), hal.socket().tls?.verify]).toEqual([YEAR_2000, true]);
  });
});

describe('dates', () => {
  const moments = fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2199-12-31T23:59:59Z'), noInvalidDate: true });

  it('are written as ISO 8601', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const epochMs = Math.floor(moment.getTime() / 1000) * 1000;
        expect(dateText(epochMs)).toBe(new Date(epochMs).toISOString().slice(0, 10));
      }),
    );
  });
});
