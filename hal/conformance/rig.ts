/**
 * What a backend provides to be tested: itself, a way to let time pass, and the other end of its sockets
 * under the test's control.
 *
 * A virtual backend advances its clock, a real one waits; the cases cannot tell. Bytes are binary strings, as
 * in net.ts. Features that a backend cannot offer are optional here, and the cases that need them are left
 * out for it (and reported as such), never weakened.
 */
import type { I2cDevice, OneWireDevice } from '../bench/device.ts';
import type { Hal, Level, PowerSaveMode } from '../index.ts';

/**
 * A connection as the peer sees it. The peer reads all the time, keeps its side open until told otherwise,
 * and only records.
 */
export interface PeerConnection {
  /** Everything that arrived so far. */
  readonly received: string;
  /** The board's FIN arrived. */
  readonly ended: boolean;
  /** Both directions have ended, or it was reset. */
  readonly closed: boolean;
  /** Queues without limit. */
  write(bytes: string): void;
  end(): void;
  /** Ends it with RST at once. */
  reset(): void;
}

export interface PeerServer {
  readonly port: number;
  /** In the order they were accepted. */
  readonly connections: readonly PeerConnection[];
}

export interface Rig {
  /** Of the newest boot: it may be another object after each. */
  readonly hal: Hal;
  /** Lets `ms` milliseconds pass on the backend's clock, and everything due in them happen. */
  advance(ms: number): Promise<void>;
  /** A new server on `host`, at a port of its own. */
  listen(): Promise<PeerServer>;
  readonly host: string;
  /** A port of `host` that answers a SYN with RST. */
  readonly refusedPort: number;
  /** A host name that has no address. */
  readonly unknownHost: string;
  readonly accessPoint: { readonly ssid: string; readonly password: string };
  /** Two pins that may be driven. */
  readonly pins: readonly [number, number];
  /** An address that never answers a SYN. */
  readonly silent?: { readonly host: string; readonly port: number };
  /** True when the platform tells the kinds of NetError apart (Espruino does not). */
  readonly namesErrors?: boolean;
  /**
   * True when the peer's data still arrives after the board's own `end` (Espruino closes both directions at
   * once).
   */
  readonly readsAfterEnd?: boolean;
  /**
   * True when a paused socket leaves what comes to the peer (Espruino reads on, and gives up a socket for
   * which it had to keep too much).
   */
  readonly holdsPeerBack?: boolean;
  /** How often its firmware has started; where a board can reset itself, and goes on then. */
  readonly boots?: number;
  /** True when it has a light sleep. */
  readonly sleepsLightly?: boolean;
  /** Drives a pin of the board from outside. */
  drivePin?(pin: number, level: Level): void;
  /** The pulses that the board drives a pin with; null: none. */
  pwmOf?(pin: number): { duty: number; frequencyHz: number } | null;
  /** How its radio saves power, and for which beacons in `max_modem`. */
  savesPower?(): { mode: PowerSaveMode; listenInterval: number };
  /** Puts a voltage on a pin, mV. */
  setVoltage?(pin: number, mv: number): void;
  /** Connects a device to the board's bus. */
  connectI2c?(address: number, device: I2cDevice): void;
  /** Connects a device to the 1-Wire bus on a pin. */
  connectOneWire?(pin: number, device: OneWireDevice): void;
  /** Leads what the board sends by SPI back to it. */
  loopSpi?(): void;
  /** Sends bytes to a serial port of the board. */
  sendUart?(port: number, bytes: string): void;
  /** What came from each port so far, of printable characters. */
  readonly uartSent?: Readonly<Record<number, string>>;
  /** Takes the access point away; the board hears of it as soon as its platform does. */
  loseWifi?(): void;
  /** Makes the host's wish that the firmware stop. */
  stop?(): void;
  /** Gives everything back. */
  close(): Promise<void>;
}

/** What `files` a rig's storage must hold: all byte values, and the longest name that is allowed. */
export const RIG_FILES: Readonly<Record<string, string>> = {
  'bytes.bin': Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join(''),
  'twenty-eight-characters.json': '{"a":1}',
};

type Need =
  | 'silent'
  | 'namesErrors'
  | 'readsAfterEnd'
  | 'holdsPeerBack'
  | 'loseWifi'
  | 'stop'
  | 'boots'
  | 'sleepsLightly'
  | 'drivePin'
  | 'pwmOf'
  | 'savesPower'
  | 'setVoltage'
  | 'connectI2c'
  | 'connectOneWire'
  | 'loopSpi'
  | 'sendUart';

export interface ConformanceCase {
  /** A sentence about behaviour. */
  readonly name: string;
  /** The optional part of the rig without which the case says nothing. */
  readonly needs?: Need;
  /** Rejects when the backend breaks the contract. Wants a rig that nothing was done to. */
  run(rig: Rig): Promise<void>;
}
