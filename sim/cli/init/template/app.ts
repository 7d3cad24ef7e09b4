/** What the board does: it counts, and whoever says "on" or "off" switches its LED. */
import { createChannel, type DeviceConfig } from 'squall-kit/firmware';
import type { Hal } from 'squall-kit/hal';

const LED_PIN = 2;
const PERIOD_MS = 10000;

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  let count = 0;

  channel.onMessage((text) => {
    if (text === 'on' || text === 'off') hal.gpio.write(LED_PIN, text === 'on' ? 1 : 0);
  });

  function tick(): void {
    count++;
    if (!channel.send(`count ${count}`)) hal.log.line('refused: too much is waiting');
    hal.clock.setTimeout(tick, PERIOD_MS);
  }
  tick();
}
