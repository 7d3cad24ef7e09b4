/**
 * Device profiles: every number that makes a virtual board a particular device, with its unit and source.
 *
 * "unknown, assumed" marks a number that nobody measured on a real board; it is there to be replaced. Espruino's sources are of release 2V29, the
 * rest of an ESP32 (Wi-Fi times, TCP) is the same for all: net/wifi.ts, net/tcp/parameters.ts.
 */
import { LWIP, type TcpParameters } from '../net/tcp/parameters.ts';
import { NO_COSTS, type TlsCosts } from '../net/tls/processor.ts';

export type DeviceName = 'espruino-esp32' | 'micropython-esp32' | 'ideal';

export interface DeviceProfile {
  readonly name: DeviceName;
  /** Power-on to the first line of the firmware, ms. */
  readonly bootMs: number;
  /** What one handler (timer, socket or Wi-Fi callback) holds the CPU, µs. */
  readonly handlerUs: number;
  /** What each byte read or written adds, µs: framing and masking in the interpreter. */
  readonly byteUs: number;
  /** `net.connect` holds the CPU until the name is resolved and the TCP handshake has ended. */
  readonly connectBlocks: boolean;
  /** It connects to IPv6 addresses. */
  readonly ipv6: boolean;
  /** Sockets that can be open at once. */
  readonly sockets: number;
  /** Most bytes that one `onData` brings. */
  readonly readBytes: number;
  /** The platform's random generator starts from this constant on every board until the firmware seeds it; null = already unpredictable. */
  readonly randomSeed: string | null;
  /** A Wi-Fi join that fails never calls back. */
  readonly joinFailureIsSilent: boolean;
  readonly tcp: TcpParameters;
  /** What the calendar says at power-on, ms since 1970; null: what the world's says. It survives a reset, as the RTC does. */
  readonly calendarBeginsMs: number | null;
  readonly tls: TlsCosts;
  /** A TLS handshake holds the CPU from its beginning to its end, waiting included; else only while it computes. */
  readonly tlsHandshakeBlocks: boolean;
}

/** mbedTLS on an ESP32 at 240 MHz with its RSA and AES hardware. How much of it Espruino's build uses is unknown. */
const ESP32_TLS: TlsCosts = {
  rsaPublicUs: 19_000, // esp-idf components/idf_test/include/esp32/idf_performance_target.h:24: a ceiling of Espressif's tests
  rsaPrivateUs: 450_000, // the same, :26
  recordUs: 300, // unknown, assumed
  byteUs: 0.5, // unknown, assumed: AES alone is 8.2 MB/s and more, but the hash of GCM is software
};

const ESPRUINO_ESP32: DeviceProfile = {
  name: 'espruino-esp32',
  bootMs: 1000, // unknown, assumed; 200 ms of it are a fixed wait in targets/esp32/main.c:110
  handlerUs: 500, // unknown, assumed: some tens of interpreted statements
  byteUs: 10, // unknown, assumed; the Linux port takes 1.8 µs a byte to frame 1 KiB on a desktop CPU
  connectBlocks: true, // libs/network/esp32/network_esp32.c:57,107: gethostbyname and connect of a blocking socket
  ipv6: false, // network_esp32.c:55: four bytes of what gethostbyname says
  sockets: 10, // targets/esp32/*/sdkconfig: CONFIG_LWIP_MAX_SOCKETS
  readBytes: 536, // network_esp32.c:322: net->chunkSize, per idle loop
  randomSeed: 'espruino', // src/jsutils.c: rand_m_w and rand_m_z begin as constants; Math.random and E.hwRand share them
  joinFailureIsSilent: true, // jswrap_esp32_network.c:586: the callback is called at GOT_IP and nowhere else
  tcp: LWIP,
  calendarBeginsMs: 0, // 1970: the C library's time before anybody has set it
  tls: ESP32_TLS,
  tlsHandshakeBlocks: false, // libs/network/socketserver.c: each step of it runs in the idle loop, on non-blocking reads and writes
};

const MICROPYTHON_ESP32: DeviceProfile = {
  name: 'micropython-esp32',
  bootMs: 690, // forum.micropython.org t=9555; glenn20 OptimisingMicropythonBootTime has 635 ms to main.py on an S3
  handlerUs: 300, // unknown, assumed: bytecode, somewhat faster than Espruino's source interpreter
  byteUs: 2, // unknown, assumed
  connectBlocks: true, // getaddrinfo and socket.connect block; the original client's main loop stands still meanwhile
  ipv6: true, // esp-idf's lwIP has it by default; unknown for older builds
  sockets: 10, // CONFIG_LWIP_MAX_SOCKETS: the default, which ports/esp32/boards/sdkconfig.base leaves alone
  readBytes: LWIP.receiveBufferBytes, // recv gives what is there
  randomSeed: null, // ports/esp32/mpconfigport.h: the seed is esp_random()
  joinFailureIsSilent: false, // ports/esp32/network_wlan.c: status() tells the reason
  tcp: LWIP,
  calendarBeginsMs: 946_684_800_000, // 2000: the epoch of MicroPython on the ESP32
  tls: ESP32_TLS,
  tlsHandshakeBlocks: true, // ssl.wrap_socket does the whole handshake before it returns
};

/** A machine that takes no time: what is left is the network and the firmware's own waits. */
const IDEAL: DeviceProfile = {
  name: 'ideal',
  bootMs: 0,
  handlerUs: 0,
  byteUs: 0,
  connectBlocks: false,
  ipv6: true,
  sockets: 1000, // more than any firmware opens
  readBytes: 65_536, // more than a receive buffer holds
  randomSeed: null,
  joinFailureIsSilent: false,
  tcp: LWIP, // the radio and its stack stay an ESP32's
  calendarBeginsMs: null,
  tls: NO_COSTS,
  tlsHandshakeBlocks: false,
};

export const PROFILES: Record<DeviceName, DeviceProfile> = {
  'espruino-esp32': ESPRUINO_ESP32,
  'micropython-esp32': MICROPYTHON_ESP32,
  ideal: IDEAL,
};
