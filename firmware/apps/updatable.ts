/**
 * The least that an app needs to be replaced over the air, and what it did with it: counts seconds, tells the
 * count every ten, and takes updates.
 */
import type { Hal } from 'hal';
import { createChannel } from '../channel/index.ts';
import type { DeviceConfig } from '../config.ts';
import { withUpdates } from '../ota/updatable-channel.ts';

const PERIOD_MS = 10000;

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = withUpdates(hal, createChannel(hal, config));
  let seconds = 0;

  channel.onMessage((data, binary) => {
    if (!binary) hal.log.line(data.replace(/[^ -~]/g, '?'));
  });

  function tick(): void {
    seconds += PERIOD_MS / 1000;
    channel.send(`up for ${seconds} s`);
    hal.clock.setTimeout(tick, PERIOD_MS);
  }
  hal.clock.setTimeout(tick, PERIOD_MS);
}
