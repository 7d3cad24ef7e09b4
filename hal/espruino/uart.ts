/**
 * Serial ports. The engine counts from 1, and the first is its console (boards/ESP32.py); a write blocks when
 * its buffer is full.
 */
import type { Hal } from '../index.ts';
import { checkUart } from '../limits.ts';
import { throwLater } from './uncaught.ts';

export function addUart(hal: Hal): void {
  const open: Record<number, EspruinoSerial> = {};
  hal.uart = {
    open(port, { tx, rx, baud }, onData) {
      checkUart(port, baud);
      const serial = port === 1 ? (typeof Serial2 === 'undefined' ? null : Serial2) : typeof Serial3 === 'undefined' ? null : Serial3;
      if (serial === null) throw new Error('uart.open: this Espruino has no port ' + port);
      serial.removeAllListeners('data');
      serial.setup(baud, { tx, rx });
      // The engine takes off a listener that throws.
      serial.on('data', (bytes) => {
        try {
          onData(bytes);
        } catch (error) {
          throwLater(error);
        }
      });
      open[port] = serial;
    },
    write(port, bytes) {
      if (open[port] === undefined) throw new Error('uart.write: port ' + port + ': expected open before it');
      open[port].write(bytes);
    },
  };
}
