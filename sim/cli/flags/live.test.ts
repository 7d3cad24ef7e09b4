/**
 * Who may join a live run: with TLS the port speaks it, with the throw-away authority's certificates, and
 * knows clients by theirs; and of web pages those that are named.
 */
import { app as sos } from 'firmware/apps/sos';
import { readCommandLine } from 'host/command-line';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { run } from '../../run/run.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { openLive } from '../open-live.ts';
import { LIVE_FLAGS, liveScenario, liveSettings, liveWords } from './live.ts';

function knock(address: string, options: object): Promise<string> {
  return new Promise((resolve) => {
    const client = new WebSocket(address, options);
    client.on('open', () => resolve('open'));
    client.on('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode)));
    client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

it('lets in who has the certificate for its id, and nobody else, while boards talk to the same relay', async () => {
  const settings = { listen: { host: '127.0.0.1', port: 0 }, allowOrigins: [], console: { off: '' } };
  const document = { duration: 4_000, tls: 'mutual' as const, boards: { count: 2, device: 'ideal' as const, boot_spread: 0 }, checks: [] };
  const scenario = liveScenario(makeScenario(document), settings, false);
  const live = await openLive(settings, scenario);
  const running = run(scenario, sos, { live: live.options, certificates: live.certificates });
  const [ca, cert, key] = ['ca.crt', 'client.crt', 'client.key'].map((name) => live.files.find((file) => file.name === name)?.text);
  const url = /wss:\S+/.exec(live.invitation)?.[0] ?? '';
  expect(url).toMatch(/board-3$/);
  expect(await knock(url, { ca })).toContain('CERTIFICATE_REQUIRED');
  expect(await knock(url.replace(/board-3$/, 'board-1'), { ca, cert, key })).toBe('403');
  expect(await knock(url, { ca, cert, key })).toBe('open');
  const { summary } = await running;
  live.close();
  expect(summary.metrics.connects).toBe(2);
  expect(summary.external).toMatchObject({ connects: 1 });
});

it('lets in pages of its own address and of the origins that are named, and no others', async () => {
  const words = ['--live', '--listen', '127.0.0.1:0', '--allow-origin', 'http://localhost:5173', '--no-console'];
  const line = await readCommandLine({ usage: '', about: '', flags: LIVE_FLAGS, examples: [] }, words);
  if (line.help !== null) throw new Error('not asked for help');
  const settings = liveSettings(line.values, line.given);
  if (settings === null) throw new Error('not live');
  expect(liveWords(settings)).toBe(' --live --listen 127.0.0.1:0 --allow-origin http://localhost:5173');
  const scenario = liveScenario(makeScenario({ duration: 2_000, boards: { count: 1 }, checks: [] }), settings, false);
  const live = await openLive(settings, scenario);
  const running = run(scenario, sos, { live: live.options });
  const url = /ws:\/\/[^/]+/.exec(live.invitation)?.[0] ?? '';
  expect(await knock(`${url}/a`, { origin: 'http://localhost:5173' })).toBe('open');
  expect(await knock(`${url}/b`, { origin: url.replace('ws:', 'http:') })).toBe('open');
  expect(await knock(`${url}/c`, { origin: 'http://localhost:5174' })).toBe('403');
  await running;
  live.close();
});
