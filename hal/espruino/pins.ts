/**
 * Inputs and pulses. The engine's own debounce waits until a pin was steady for so long, as the contract has
 * it (src/jsinteractive.c); a watch makes an input of a pin and keeps the pull that `pinMode` gave it.
 */
import type { Hal } from '../index.ts';
import { checkDebounce, checkPwm } from '../limits.ts';

export function addPins(hal: Hal): void {
  const { gpio } = hal;
  const { read, write } = gpio;
  /** Pins that were driven before may be among them. */
  const inputs: Record<number, boolean> = {};
  const watches: Record<number, number> = {};
  gpio.read = (pin) => (inputs[pin] ? (digitalRead(pin) ? 1 : 0) : read(pin));
  gpio.write = (pin, level) => {
    inputs[pin] = false;
    write(pin, level);
  };
  gpio.pull = (pin, to) => {
    inputs[pin] = true;
    pinMode(pin, to === 'none' ? 'input' : 'input_pull' + to);
  };
  gpio.watch = (pin, edge, debounceMs, handler) => {
    checkDebounce(debounceMs);
    if (watches[pin] !== undefined) clearWatch(watches[pin]);
    delete watches[pin];
    if (handler === null) return;
    inputs[pin] = true;
    watches[pin] = setWatch((change) => handler(change.state ? 1 : 0), pin, { repeat: true, edge, debounce: debounceMs });
  };
  gpio.pwm = (pin, duty, frequencyHz) => {
    checkPwm(duty, frequencyHz);
    inputs[pin] = false;
    analogWrite(pin, duty, { freq: frequencyHz });
  };
}
