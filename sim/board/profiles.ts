/**
 * Device profiles: every number that makes a virtual board a particular device, with its unit and source.
 *
 * "unknown, assumed" marks a number that nobody measured on a real board; it is there to be replaced.
 */
import { LWIP, type TcpParameters } from '../net/tcp/parameters.ts';

export type DeviceName = 'espruino-esp32' | 'micropython-esp32' | 'ideal';

export interface DeviceProfile {
  readonly name: DeviceName;
  /** Power-on to the first line of the firmware, ms. */
  readonly bootMs: number;
  /** What one handler (timer, socket or Wi-Fi callback) holds the CPU, µs. */
  readonly handlerUs: number;
  /** What each byte read or written adds, µs: framing and masking in the interpreter. */
  readonly byteUs: number;
  /** `net.connect` holds the CPU until the TCP handshake has ended. */
  readonly connectBlocks: boolean;
  /** Sockets that can be open at once. */
  readonly sockets: number;
  /** Most bytes that one `onData` brings. */
  readonly readBytes: number;
  /** The platform's random generator starts from this constant on every board until the firmware seeds it; null = already unpredictable. */
  readonly randomSeed: string | null;
  readonly tcp: TcpParameters;
}

const ESPRUINO_ESP32: DeviceProfile = {
  name: 'espruino-esp32',
  bootMs: 1000, // unknown, assumed; 200 ms of it are a fixed wait in targets/esp32/main.c:110
  handlerUs: 500, // unknown, assumed: some tens of interpreted statements
  byteUs: 10, // unknown, assumed; the Linux port takes 1.8 µs a byte to frame 1 KiB on a desktop CPU
  connectBlocks: true, // network_esp32.c: blocking socket
  sockets: 10, // CONFIG_LWIP_MAX_SOCKETS 10
  readBytes: 536, // net->chunkSize
  randomSeed: 'espruino', // Math.random, E.hwRand: one constant seed
  tcp: LWIP,
};

const MICROPYTHON_ESP32: DeviceProfile = {
  name: 'micropython-esp32',
  bootMs: 690, // glenn20 OptimisingMicropythonBootTime: to main.py on an ESP32
  handlerUs: 300, // unknown, assumed: bytecode, somewhat faster than Espruino's source interpreter
  byteUs: 2, // unknown, assumed
  connectBlocks: true, // usocket.connect blocks; the original client's main loop stands still meanwhile
  sockets: 10, // CONFIG_LWIP_MAX_SOCKETS 10
  readBytes: 5760, // whole receive buffer
  randomSeed: null, // ports/esp32 seeds urandom from esp_random at import
  tcp: LWIP,
};

/** A machine that takes no time: what is left is the network and the firmware's own waits. */
const IDEAL: DeviceProfile = {
  name: 'ideal',
  bootMs: 0,
  handlerUs: 0,
  byteUs: 0,
  connectBlocks: false,
  sockets: 1000,
  readBytes: 65_536,
  randomSeed: null,
  tcp: LWIP, // the radio and its stack stay an ESP32's
};

export const PROFILES: Record<DeviceName, DeviceProfile> = {
  'espruino-esp32': ESPRUINO_ESP32,
  'micropython-esp32': MICROPYTHON_ESP32,
  ideal: IDEAL,
};
