/**
 * What the backend uses of Espruino's globals (2v29, https://www.espruino.com/Reference), typed as they
 * behave. Not the whole platform: a name that is missing here is one that no rule in this folder has been
 * thought through for. What only parts use that a program may lack is in parts.d.ts.
 */

/** Seconds since 1970, with fractions. Steps when the clock is set. */
declare function getTime(): number;
/**
 * Numbers from 1 on that are given out again; clearing `undefined` throws, clearing nothing clears all
 * timers.
 */
declare function setTimeout(callback: () => void, delayMs: number): number;
declare function clearTimeout(timer: number): void;
declare function digitalWrite(pin: number, level: number): void;
declare function digitalRead(pin: number): number;
/** Hexadecimal digits in groups; of the MAC address on an ESP32. */
declare function getSerial(): string;
/** Seconds since 1970. */
declare function setTime(seconds: number): void;
declare function btoa(bytes: string): string;
declare function atob(text: string): string;

declare const console: { log(text: string): void };
declare const process: EspruinoProcess;
interface EspruinoProcess {
  on(event: 'uncaughtException', handler: (error: unknown) => void): void;
}
declare const E: EspruinoE;
interface EspruinoE {
  srand(seed: number): void;
  hwRand(): number;
}
interface EspruinoSocketObject {
  on(event: 'data', handler: (bytes: string) => void): void;
  on(event: 'drain', handler: () => void): void;
  on(event: 'close', handler: (hadError: boolean) => void): void;
  on(event: 'error', handler: (error: { code: number; message: string }) => void): void;
  write(bytes: string): boolean;
  end(): void;
  /**
   * The engine's own mark for "close in the next idle loop, whatever is still unsent" (`HTTP_NAME_CLOSENOW`
   * in libs/network/socketserver.c).
   */
  clsNow: boolean;
}

interface EspruinoNet {
  connect(options: { host: string; port: number }, onConnect: () => void): EspruinoSocketObject | undefined;
}

/** `cert` and `key` are DER; the engine never verifies the server. */
interface EspruinoTlsOptions {
  host: string;
  port: number;
  cert?: string;
  key?: string;
}

interface EspruinoWifi {
  /** `failure` is null or a reason. */
  connect(ssid: string, options: { password?: string }, callback: (failure: string | null) => void): void;
  on(event: 'disconnected', handler: (details: { reason?: string }) => void): void;
  getIP(): { ip?: string } | undefined;
  /** Tells nobody when it has set the clock, or whether. */
  setSNTP(server: string, timeZone: string): void;
}

declare function require(name: 'net'): EspruinoNet;
declare function require(name: 'tls'): {
  connect(options: EspruinoTlsOptions, onConnect: () => void): EspruinoSocketObject | undefined;
};
declare function require(name: 'Wifi'): EspruinoWifi;
declare function require(name: 'Storage'): EspruinoStorage;
interface EspruinoStorage {
  read(name: string): string | undefined;
}
declare function require(name: 'crypto'): { SHA1?: (bytes: string) => ArrayBuffer };
