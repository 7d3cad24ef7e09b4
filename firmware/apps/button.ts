/**
 * A pin that the relay's other clients switch, and that tells what it is. Text messages, one command each,
 * with or without the relay's `Mes from <id>: ` before it:
 *
 *   `led on`, `led off`   drive the pin, and are answered like `led?`
 *   `led?`                is answered with the level the pin has: `led is on` or `led is off`
 *
 * Everything else is ignored, so that the boards of a fleet do not answer each other's answers. The level is
 * reported at every opening of the channel too: it may have been switched by a message whose answer was lost.
 */
import type { Hal, Level } from 'hal';
import { createChannel } from '../channel/index.ts';
import type { DeviceConfig } from '../config.ts';

/** LED1 of an ESP32 board. */
const LED_PIN = 2;
/** What the relay puts before a text of another client; an id has no colon. */
const SENDER = /^Mes from [^:]*: /;

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);

  function report(): void {
    channel.send(hal.gpio.read(LED_PIN) === 1 ? 'led is on' : 'led is off');
  }

  function drive(level: Level): void {
    hal.gpio.write(LED_PIN, level);
    report();
  }

  channel.onState((state) => {
    if (state === 'open') report();
  });
  channel.onMessage((data, binary) => {
    switch (binary ? '' : data.replace(SENDER, '')) {
      case 'led on':
        drive(1);
        break;
      case 'led off':
        drive(0);
        break;
      case 'led?':
        report();
        break;
    }
  });
  hal.gpio.write(LED_PIN, 0);
}
