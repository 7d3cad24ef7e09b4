/** Rule 6 of the Espruino backend, TLS and the calendar behind it, against an engine that sets the traps. */
import { expect, it } from 'vitest';
import type { NetError, TlsSettings } from '../index.ts';
import { EspruinoEngine } from '../testing/espruino-engine.ts';

const ENCRYPT: TlsSettings = { ca: '', cert: '', key: '', verify: false };
const PEM = (label: string, bytes: string) => `-----BEGIN ${label}-----\n${btoa(bytes)}\n-----END ${label}-----\n`;

function connect(tls: TlsSettings | null) {
  const engine = new EspruinoEngine();
  if (engine.station !== null) engine.station.address = '192.168.1.7';
  const ends: (NetError | null)[] = [];
  const handlers = { onConnect() {}, onData() {}, onDrain() {}, onClose: (error: NetError | null) => void ends.push(error) };
  engine.start().net.connect('relay', 8000, handlers, tls);
  engine.pass(0);
  return { engine, ends, native: engine.sockets[0] };
}

it('plain TCP does not go through TLS, and TLS does not go without', () => {
  expect(connect(null).engine.tlsOptions).toEqual([]);
  expect(connect(ENCRYPT).engine.tlsOptions).toEqual([{ host: 'relay', port: 8000 }]);
});

it('a server that should be verified is not even connected to', () => {
  const { engine, ends } = connect({ ...ENCRYPT, ca: 'CA', verify: true });
  expect([engine.sockets, ends]).toEqual([[], [{ kind: 'tls', tls: 'protocol', message: 'Espruino cannot verify a server' }]]);
});

it.each([
  ['PEM', { cert: PEM('CERTIFICATE', 'c\xff'), key: PEM('RSA PRIVATE KEY', 'k\x00') }],
  ['DER', { cert: 'c\xff', key: 'k\x00' }],
])('certificate and key reach the engine as DER, also from %s', (_form, files) => {
  expect(connect({ ...ENCRYPT, ...files }).engine.tlsOptions).toEqual([{ host: 'relay', port: 8000, cert: 'c\xff', key: 'k\x00' }]);
});

it('an end before the first byte is a failed handshake, a later one is a FIN', () => {
  const failed = connect(ENCRYPT);
  failed.native.announce();
  failed.native.emit('close', false);
  expect(failed.ends).toEqual([{ kind: 'tls', tls: 'protocol', message: '' }]);
  const served = connect(ENCRYPT);
  served.native.emit('data', 'HTTP/1.1 101');
  served.native.emit('close', false);
  expect(served.ends).toEqual([null]);
});

function synchronize(befall: (engine: EspruinoEngine) => void) {
  const engine = new EspruinoEngine();
  const { station } = engine;
  befall(engine);
  const outcomes: (string | null)[] = [];
  const { wallClock } = engine.start();
  wallClock.synchronize('time.local', (failure) => outcomes.push(failure));
  return { engine, station, wallClock, outcomes };
}

it('the time client that has set the clock after five seconds was heard', () => {
  const { engine, station, wallClock, outcomes } = synchronize(() => {});
  wallClock.set(Date.UTC(2026, 0, 1));
  engine.pass(5000);
  expect([station?.timeServers, outcomes]).toEqual([['time.local'], [null]]);
});

it('the time client that has not was not, and an engine without one says so', () => {
  const silent = synchronize(() => {});
  silent.engine.pass(5000);
  expect(silent.outcomes).toEqual(['no answer']);
  const without = synchronize((engine) => {
    engine.station = null;
  });
  without.engine.pass(0);
  expect(without.outcomes).toEqual(['no time client']);
});
