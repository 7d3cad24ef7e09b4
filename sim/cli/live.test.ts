/** Live with TLS: the port of the run speaks it, with the throw-away authority's certificates, and knows clients by theirs. */
import { app as sos } from 'firmware/apps/sos';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { run } from '../run.ts';
import { makeScenario } from '../testing/scenario.ts';
import { liveScenario, openLive } from './live.ts';

it('lets in who has the certificate for its id, and nobody else, while boards talk to the same relay', async () => {
  const settings = { listen: { host: '127.0.0.1', port: 0 }, console: { off: '' } };
  const document = { duration: 4_000, tls: 'mutual' as const, boards: { count: 2, device: 'ideal' as const, boot_spread: 0 }, checks: [] };
  const scenario = liveScenario(makeScenario(document), settings, false);
  const live = await openLive(settings, scenario);
  const running = run(scenario, sos, { live: live.options, certificates: live.certificates });
  const [ca, cert, key] = ['ca.crt', 'client.crt', 'client.key'].map((name) => live.files.find((file) => file.name === name)?.text);
  const url = /wss:\S+/.exec(live.invitation)?.[0] ?? '';
  const knock = (address: string, options: object): Promise<string> =>
    new Promise((resolve) => {
      const client = new WebSocket(address, options);
      client.on('open', () => resolve('open'));
      client.on('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode)));
      client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });
  expect(url).toMatch(/board-3$/);
  expect(await knock(url, { ca })).toContain('CERTIFICATE_REQUIRED');
  expect(await knock(url.replace(/board-3$/, 'board-1'), { ca, cert, key })).toBe('403');
  expect(await knock(url, { ca, cert, key })).toBe('open');
  const { summary } = await running;
  live.close();
  expect(summary.metrics.connects).toBe(2);
  expect(summary.external).toMatchObject({ connects: 1 });
});
