/** Serial ports beside the console: 8 data bits, no parity, one stop bit. */

export interface UartPins {
  tx: number;
  rx: number;
  /** 300 to 921,600. */
  baud: number;
}

export interface Uart {
  /**
   * Opens a port, or opens it anew: with other pins, another handler. Whether what came before is lost is the
   * platform's affair (Espruino keeps it).
   * @param port 1 or 2 (an ESP32 has three; 0 is the console)
   * @param onData called with what has come, in order, in pieces of any size, and never from within a call
   * @throws Error when a value is out of range, or the platform has no such port
   */
  open(port: number, pins: UartPins, onData: (bytes: string) => void): void;
  /**
   * Sends bytes in order. What the platform's buffer does not hold blocks until it has left.
   * @throws Error when the port is not open
   */
  write(port: number, bytes: string): void;
}
