/**
 * What the parts of the backend use of Espruino beyond globals.d.ts: apart, because a name that stands here
 * is one that a program which has such a part cannot shorten.
 */

declare function pinMode(pin: number, mode: string): void;
declare function setWatch(
  handler: (change: { state: boolean }) => void,
  pin: number,
  options: { repeat: boolean; edge: string; debounce: number },
): number;
declare function clearWatch(watch: number): void;
declare function analogWrite(pin: number, share: number, options: { freq: number }): void;
/** 0 to 1; NaN of a pin without converter. */
declare function analogRead(pin: number): number;

/** Of builds for an ESP32 only. */
declare const ESP32: {
  reboot(): void;
  deepSleep(us: number): void;
  deepSleepExt0(pin: number, level: number): void;
  /** 0: it did not wake up from a deep sleep. */
  getWakeupCause(): number;
  /** Not in 2v29. */
  lightSleep?(ms: number): void;
};

interface EspruinoProcess {
  /** Variables that are free, and the bytes of one. */
  memory(): { free: number; blocksize: number };
}

interface EspruinoE {
  CRC32(bytes: string): number;
  enableWatchdog(seconds: number, fedByTheEngine: boolean): void;
  kickWatchdog(): void;
  toString(bytes: Uint8Array): string;
}

interface EspruinoWifi {
  /** `rssi` while it is connected, dBm. */
  getStatus(): { rssi?: number };
  /** Of builds for an ESP32 (or an ESP8266) only: `none`, `min` or `max`. */
  setConfig?(settings: { powersave: string }): void;
}

interface EspruinoStorage {
  /** Throws when there is no room. */
  write(name: string, bytes: string): boolean;
  erase(name: string): void;
  list(): string[];
  /** Bytes. */
  getFree(): number;
}

/** A device that does not acknowledge is an exception. */
declare const I2C1: {
  setup(options: { sda: number; scl: number; bitrate: number }): void;
  writeTo(to: { address: number; stop: boolean }, bytes: string): void;
  readFrom(address: number, count: number): Uint8Array;
};
declare const SPI1: {
  setup(options: { sck: number; mosi: number; miso: number; baud: number; mode: number }): void;
  send(bytes: string, selectPin: number | undefined): string;
};

interface EspruinoOneWire {
  /** Whether anybody is there. */
  reset(): boolean;
  select(rom: string): void;
  skip(): void;
  write(bytes: string): void;
  read(count: number): Uint8Array;
  search(): string[];
}
declare const OneWire: new (pin: number) => EspruinoOneWire;

interface EspruinoSerial {
  setup(baud: number, options: { tx: number; rx: number }): void;
  on(event: 'data', handler: (bytes: string) => void): void;
  removeAllListeners(event: 'data'): void;
  write(bytes: string): void;
}

/** Serial1 is the console. */
declare const Serial2: EspruinoSerial;
declare const Serial3: EspruinoSerial;
