/**
 * Leaves out of a program what its config keeps it from ever reaching: all of TLS for a `ws://` relay, what
 * judges certificates, because Espruino verifies none (hal/espruino/verification.ts), redirects that are not
 * followed, and Basic authorisation without user info. No minifier can see that; it is 5 kB of 25.
 *
 * What such a module exports is there, as `undefined`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { KIT_FOLDER } from 'host/kit';
import type { DeviceConfig } from '../config.ts';
import { parseServerUrl } from '../server-url.ts';

const CHANNEL_FOLDER = join(KIT_FOLDER, 'firmware', 'channel');

export function leaveOut({ server, redirects }: Pick<DeviceConfig, 'server' | 'redirects'>): Plugin {
  const url = parseServerUrl(server);
  const names = ['tls-clock', 'tls-verification'];
  if (redirects === 0) names.push('redirecting-client');
  if (redirects === 0 && !url?.secure) names.push('tls-keeper');
  if (!url?.userInfo) names.push('basic-authorization');
  const paths = names.map((name) => join(CHANNEL_FOLDER, `${name}.ts`));
  return {
    name: 'leave-out',
    setup(build) {
      build.onLoad({ filter: /[\\/]channel[\\/][a-z-]+\.ts$/ }, ({ path }) =>
        paths.includes(path) ? { contents: withoutContent(path) } : null,
      );
    },
  };
}

function withoutContent(path: string): string {
  const exported = readFileSync(path, 'utf8').matchAll(/^export (?:class|function|const) (\w+)/gm);
  return [...exported].map(([, name]) => `export const ${name} = undefined;`).join('\n');
}
