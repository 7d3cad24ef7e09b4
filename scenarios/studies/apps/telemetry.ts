/** A board that sends a short reading again and again, and does nothing else. */

import { createChannel } from 'firmware/channel';
import type { DeviceConfig } from 'firmware/config';
import type { Hal } from 'hal';

/** @param everyMs from one reading to the next */
export function telemetry(everyMs: number): (hal: Hal, config: DeviceConfig) => void {
  return (hal, config) => {
    const channel = createChannel(hal, config);
    const tell = (): void => {
      channel.send('t=21.5');
      hal.clock.setTimeout(tell, everyMs);
    };
    hal.clock.setTimeout(tell, everyMs);
  };
}
