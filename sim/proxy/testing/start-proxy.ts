/** An echoing relay and a proxy before it, each a process as a user starts it, that end with the test. */
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { scratch } from '../../cli/testing/scratch.ts';

/** @returns what `pattern` finds in what the process says */
async function start(words: string[], pattern: RegExp): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += bytes;
      const found = pattern.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(said)));
  });
}

export interface Started {
  /** Where devices connect, HOST:PORT. */
  address: string;
  relayPort: number;
}

/** @returns where devices connect: the scenario begins */
export async function startProxy(scenario: string, stack: string, ...relayFlags: string[]): Promise<string> {
  return (await startRelayAndProxy(scenario, stack, ...relayFlags)).address;
}

export async function startRelayAndProxy(scenario: string, stack: string, ...relayFlags: string[]): Promise<Started> {
  const keepalive = ['--ws-ping-interval', '1', '--ws-ping-timeout', '20'];
  // A browser's page is empty and has no origin.
  const served = ['--host', '127.0.0.1', '--port', '0', '--mode', 'echo', '--allow-origin', 'null', ...keepalive];
  const port = await start(['relay/index.ts', ...served, ...relayFlags], /"port":(\d+)/);
  const file = scratch().write('outages.yaml', scenario);
  const flags = ['--listen', '127.0.0.1:0', '--upstream', `ws://127.0.0.1:${port}`, '--stack', stack, '--scenario', file];
  return { address: await start(['sim/index.ts', 'proxy', ...flags], /Devices connect to (\S+);/), relayPort: Number(port) };
}
