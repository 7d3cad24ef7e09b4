/** A board that wakes, sends a reading, waits for the answer, and sleeps deeply until the next. */
import { createChannel } from 'firmware/channel';
import type { DeviceConfig } from 'firmware/config';
import type { Hal } from 'hal';

/** Without an answer it gives up, and tries again after its sleep. */
const PATIENCE_MS = 30_000;

/** @param everyMs of sleep between two readings */
export function wakes(everyMs: number): (hal: Hal, config: DeviceConfig) => void {
  return (hal, config) => {
    const channel = createChannel(hal, config);
    const sleep = (): void => hal.power.deepSleep(everyMs);
    channel.onMessage(sleep);
    channel.send('t=21.5');
    hal.clock.setTimeout(sleep, PATIENCE_MS);
  };
}
