/**
 * The echoing client of the suite as a program for a board: as soon as one connection has ended it makes the
 * next, for the next case.
 *
 * Within the subset of JavaScript that Espruino runs, as the build checks.
 */
import type { Hal } from 'hal';
import type { DeviceConfig } from '../../config.ts';
import { splitServerUrl } from '../../server-url.ts';
import { EchoClient } from '../echo-client.ts';

/**
 * From the end of one connection to the next, ms: only so that a server that is gone does not keep the board
 * busy.
 */
const PAUSE_MS = 10;

export function app(hal: Hal, config: DeviceConfig): void {
  const server = splitServerUrl(config.server);
  if (server === null) return;
  const { host, port } = server;
  function connect(): void {
    new EchoClient(hal, host, port, () => hal.clock.setTimeout(connect, PAUSE_MS));
  }
  connect();
}
