/**
 * The little of a serial port that flashing needs. The real one is opened by the command line (serialport
 * package); tests stand in for it.
 */
export interface SerialPort {
  /** Bytes, one character each, as they come. One handler; a second call replaces it. */
  onData(handler: (bytes: string) => void): void;
  /** Rejects when the port is gone. */
  write(bytes: string): Promise<void>;
  close(): Promise<void>;
}
