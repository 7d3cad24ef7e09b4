/**
 * The reference app: blink `...---...` on pin 2, send `SOS!` once per cycle, print what came. The original's
 * program on the kit's channel.
 *
 * The timings are the original's, and like its sleeps each pause is counted from the edge before it, so
 * lateness adds up. Unlike the original it never waits for the network: the LED keeps its rhythm whatever the
 * channel does.
 */
import type { Hal } from 'hal';
import { createChannel } from '../channel/index.ts';
import type { DeviceConfig } from '../config.ts';

/** LED1 of an ESP32 board. */
const LED_PIN = 2;
const DOT_MS = 200;
const DASH_MS = 400;
const GAP_MS = 50;
/** Pause between two cycles; with the blinking 3.250 s. */
const PAUSE_MS = 400;
/**
 * Messages kept until the end of the cycle; a fleet can send more than a board has memory for. The rest is
 * counted.
 */
const KEPT_MAX = 16;

const LENGTHS_MS = [DOT_MS, DOT_MS, DOT_MS, DASH_MS, DASH_MS, DASH_MS, DOT_MS, DOT_MS, DOT_MS];

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  let received: string[] = [];
  let missed = 0;
  let flash = 0;

  channel.onMessage((data) => {
    if (received.length < KEPT_MAX) received.push(data);
    else missed++;
  });

  function ledOn(): void {
    hal.gpio.write(LED_PIN, 1);
    hal.clock.setTimeout(ledOff, LENGTHS_MS[flash]);
  }

  function ledOff(): void {
    hal.gpio.write(LED_PIN, 0);
    flash++;
    hal.clock.setTimeout(flash < LENGTHS_MS.length ? ledOn : endCycle, GAP_MS);
  }

  function endCycle(): void {
    flash = 0;
    channel.send('SOS!');
    hal.clock.setTimeout(ledOn, PAUSE_MS);
    print();
  }

  function print(): void {
    hal.log.line('SOS!');
    for (let i = 0; i < received.length; i++) hal.log.line(`Data from ws: ${received[i].replace(/[\r\n]/g, ' ')}`);
    if (missed > 0) hal.log.line(`and ${missed} more`);
    received = [];
    missed = 0;
  }

  ledOn();
}
