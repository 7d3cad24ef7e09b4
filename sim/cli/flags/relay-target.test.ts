/**
 * A relay that speaks TLS, with the certificate of an authority that nobody knows: who is let through, and
 * what is said to whom is not.
 */
import { createServer, type Server } from 'node:tls';
import { app as sos } from 'firmware/apps/sos';
import { DEFAULT_CONFIG } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import { createRelay } from 'relay/relay';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFleetCertificates, type FleetCertificates } from '../../certificates/fleet.ts';
import { onWallClock } from '../../run/live.ts';
import { run } from '../../run/run.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';
import { openTarget, type Trust } from './relay-target.ts';

const HOST = '127.0.0.1';
const DEFAULT_TRUST: Trust = { caFile: '', insecure: false };

let certificates: FleetCertificates;
let relay: ReturnType<typeof createRelay>;
let server: Server;
let port: number;

beforeAll(async () => {
  certificates = await createFleetCertificates(HOST);
  relay = createRelay({ clock: createRealClock(), epochMs: () => 0, random: () => 0.5, config: DEFAULT_CONFIG, log: NULL_LOG });
  server = createServer(certificates.relay('first'), (socket) => relay.server.emit('connection', socket));
  server.on('tlsClientError', () => {});
  ({ port } = await listen(server, HOST, 0));
}, 60_000);

afterAll(async () => {
  await relay.close();
  server.close();
});

const open = (trust: Partial<Trust>, host = HOST) => openTarget({ host, port, secure: true } as never, { ...DEFAULT_TRUST, ...trust });

describe('a relay at wss://', { timeout: 60_000 }, () => {
  it('is not trusted with the certificate of an unknown authority, which is said before anything runs', async () => {
    const { exitCode, out, err } = await sim('--boards', '1', '--relay', `wss://${HOST}:${port}/`, '--no-report', '--no-trace', '--json');
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(
      /^--relay wss:\/\/127\.0\.0\.1:\d+: .*(certificate|signature).*; expected a certificate that Node trusts, or --relay-ca FILE with its authority, or --insecure\n$/,
    );
  });

  it('is trusted with that of the authority that is given, and boards reach it', async () => {
    const caFile = scratch().write('ca.crt', certificates.authority);
    const bridge = await open({ caFile });
    const document = { duration: 4_000, boards: { count: 2, device: 'ideal' as const, boot_spread: 0 }, checks: [] };
    const { summary } = await run(makeScenario(document), sos, { live: onWallClock({ bridge, onClient: () => {} }) });
    expect(summary.metrics.connects).toBe(2);
  });

  it('is not trusted under another name than its certificate has', async () => {
    const caFile = scratch().write('ca.crt', certificates.authority);
    await expect(open({ caFile }, 'localhost')).rejects.toThrow(/does not match certificate's altnames/);
  });

  it('may be anybody with --insecure', async () => {
    expect((await open({ insecure: true })).tls).toEqual({ ca: '', verifies: false });
  });

  it('that is not there, or does not speak TLS, is told apart', async () => {
    for (const secure of [true, false])
      await expect(openTarget({ host: HOST, port: 1, secure } as never, DEFAULT_TRUST)).rejects.toThrow(
        /nothing answers at wss?:.*:1\/ \(ECONNREFUSED\)/,
      );
    const plain = createRelay({ clock: createRealClock(), epochMs: () => 0, random: () => 0.5, config: DEFAULT_CONFIG, log: NULL_LOG });
    const { port: plainPort } = await listen(plain.server, HOST, 0);
    await expect(openTarget({ host: HOST, port: plainPort, secure: true } as never, DEFAULT_TRUST)).rejects.toThrow(
      /^--relay wss:.*; expected a relay that speaks TLS 1.2 or later$/,
    );
    await plain.close();
  });
});

it.each([
  ['--relay-ca: expected --relay wss://… beside it', '--relay', 'ws://127.0.0.1:1/', '--relay-ca', 'ca.crt'],
  ['--insecure: expected --relay wss://… beside it', '--live', '--insecure'],
  ['--insecure contradicts --relay-ca', '--relay', 'wss://127.0.0.1:1/', '--relay-ca', 'ca.crt', '--insecure'],
  ['no-such.crt: cannot be read', '--relay', 'wss://127.0.0.1:1/', '--relay-ca', 'no-such.crt'],
  ['--relay-ca package.json: expected a certificate (PEM', '--relay', 'wss://127.0.0.1:1/', '--relay-ca', 'package.json'],
])('ends with code 2 and says: %s', async (message, ...words) => {
  const { exitCode, err } = await sim('--boards', '1', '--no-report', '--no-trace', '--quiet', ...words);
  expect(err).toContain(message);
  expect(exitCode).toBe(2);
});
