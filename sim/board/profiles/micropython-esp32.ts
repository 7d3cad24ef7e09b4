/** An ESP32 under MicroPython. */
import { LWIP } from '../../net/tcp/parameters.ts';
import { ESP32_RADIO } from '../../net/wifi/parameters.ts';
import { ESP32_CURRENTS, ESP32_FLASH, ESP32_TLS } from './esp32.ts';
import type { DeviceProfile } from './profile.ts';

export const MICROPYTHON_ESP32: DeviceProfile = {
  bootMs: 690, // forum.micropython.org t=9555; glenn20 OptimisingMicropythonBootTime has 635 ms to main.py on an S3
  handlerUs: 300, // unknown, assumed: bytecode, somewhat faster than Espruino's source interpreter
  byteUs: 2, // unknown, assumed
  connectBlocks: true, // getaddrinfo and socket.connect block; the original client's main loop stands still meanwhile
  ipv6: true, // esp-idf's lwIP has it by default; unknown for older builds
  freeBytes: 100_000, // unknown, assumed: gc.mem_free() of a board without PSRAM
  watchdogMs: null, // ports/esp32/boards/sdkconfig.base: CONFIG_ESP_TASK_WDT_CHECK_IDLE_TASK_CPU0=n, so nobody looks
  sockets: 10, // CONFIG_LWIP_MAX_SOCKETS: the default, which ports/esp32/boards/sdkconfig.base leaves alone
  readBytes: LWIP.receiveBufferBytes, // recv gives what is there
  randomSeed: null, // ports/esp32/mpconfigport.h: the seed is esp_random()
  joinFailureIsSilent: false, // ports/esp32/network_wlan.c: status() tells the reason
  radio: ESP32_RADIO,
  tcp: LWIP,
  calendarBeginsMs: 946_684_800_000, // 2000: the epoch of MicroPython on the ESP32
  flash: ESP32_FLASH,
  tls: ESP32_TLS,
  tlsHandshakeBlocks: true, // ssl.wrap_socket does the whole handshake before it returns
  javascript: null,
  uncaughtErrorEnds: 'program', // ports/esp32/main.c: what follows main.py is the REPL; soft reset, which closes sockets, comes only when asked for
  currents: ESP32_CURRENTS,
};
