/**
 * Leaves out of a program what its config keeps it from ever reaching: all of TLS for a `ws://` relay, and the calendar, by which certificates are judged,
 * because Espruino verifies none (hal/espruino/verification.ts). No minifier can see that; it is 3 kB of 25.
 *
 * What such a module exports is there, as `undefined`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import type { DeviceConfig } from '../config.ts';

const CHANNEL_FOLDER = join(__dirname, '..', 'channel');

export function leaveOut({ server }: Pick<DeviceConfig, 'server'>): Plugin {
  const names = server.startsWith('wss://') ? ['tls-clock.ts'] : ['tls-clock.ts', 'tls-keeper.ts'];
  const paths = names.map((name) => join(CHANNEL_FOLDER, name));
  return {
    name: 'leave-out',
    setup(build) {
      build.onLoad({ filter: /[\\/]tls-[a-z]+\.ts$/ }, ({ path }) => (paths.includes(path) ? { contents: withoutContent(path) } : null));
    },
  };
}

function withoutContent(path: string): string {
  const exported = readFileSync(path, 'utf8').matchAll(/^export (?:class|function|const) (\w+)/gm);
  return [...exported].map(([, name]) => `export const ${name} = undefined;`).join('\n');
}
