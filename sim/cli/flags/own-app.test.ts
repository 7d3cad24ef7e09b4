/**
 * The app that firmware/README.md shows, as its reader would try it: on fifty virtual boards, and on this
 * computer.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { main as firmware } from 'firmware/cli/main';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Summary } from '../../measure/result.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const [, EXAMPLE] = /```ts\n(.*?)```/s.exec(readFileSync('firmware/README.md', 'utf8')) ?? [];

it('runs on fifty boards with bad Wi-Fi', async () => {
  const files = scratch();
  const app = files.write('my-app.ts', EXAMPLE);
  const flags = [
    '--boards',
    '50',
    '--drop-rate',
    '0.1',
    '--duration',
    '60s',
    '--json',
    '--no-report',
    '--no-trace',
    '--out',
    files.path('run'),
  ];
  const { exitCode, out } = await sim(...flags, '--firmware', app);
  const { metrics } = JSON.parse(out) as Summary;
  expect(exitCode).toBe(0);
  expect(metrics.messages_delivered).toBeGreaterThan(50);
});

it('is told of text with umlauts, which is no UTF-8 as it stands', async () => {
  const files = scratch();
  const app = files.write(
    'um.ts',
    `import { createChannel, type DeviceConfig } from 'firmware/channel';
import type { Hal } from 'hal';
export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  function tick(): void { channel.send('Küche 21°C'); hal.clock.setTimeout(tick, 1000); }
  tick();
}`,
  );
  const { exitCode, out } = await sim('--boards', '3', '--duration', '30s', '--no-trace', '--out', files.path('run'), '--firmware', app);
  const { metrics } = JSON.parse(readFileSync(files.path('run/summary.json'), 'utf8')) as Summary;
  expect(exitCode).toBe(0);
  expect(metrics.messages_refused).toBeGreaterThan(60);
  expect(metrics['messages_refused.not_utf8']).toBe(metrics.messages_refused);
  expect(metrics.messages_sent).toBe(metrics.messages_refused);
  expect(out).toContain(`${metrics.messages_refused} of these: not_utf8 ${metrics.messages_refused} `);
  expect(readFileSync(files.path('run/report.html'), 'utf8')).toContain('were refused by the channel and never sent');
});

it('runs on this computer', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server });
  onTestFinished(() => {
    sockets.close();
    server.close();
  });
  const received: string[] = [];
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      received.push(String(data));
      socket.close(1001);
    });
  });
  const app = scratch().write('my-app.ts', EXAMPLE);
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  let out = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      out += text;
    },
  };
  expect(await firmware(['run', '--app', app, '--server', url, '--once'], io)).toBe(0);
  expect(received).toEqual(['count 1']);
  expect(out).toContain('open\n');
});
