/** An ESP32 under MicroPython. */
import { LWIP } from '../../net/tcp/parameters.ts';
import { ESP32_RADIO } from '../../net/wifi/parameters.ts';
import { ESP32_CLOCKS, ESP32_CURRENTS, ESP32_FLASH, ESP32_SOCKET_BYTES, ESP32_TLS, ESP32_TLS_BYTES } from './esp32.ts';
import type { DeviceProfile } from './profile.ts';

export const MICROPYTHON_ESP32: DeviceProfile = {
  bootMs: 690, // forum.micropython.org t=9555; glenn20 OptimisingMicropythonBootTime has 635 ms to main.py on an S3
  handlerUs: 300, // unknown, assumed: bytecode, somewhat faster than Espruino's source interpreter
  byteUs: 2, // unknown, assumed
  connectBlocks: true, // getaddrinfo and socket.connect block; the original client's main loop stands still meanwhile
  ipv6: true, // esp-idf's lwIP has it by default; unknown for older builds
  memory: {
    programBytes: 110_536, // measured: micropython/issues/7962, the heap of a board without PSRAM; newer ones grow it while the system has some left
    networkBytes: 50_164, // measured: micropython/issues/8940, the blocks that are free once Wi-Fi has joined, 35,128 and 15,036 (ESP-IDF 4.2)
    variableBytes: 16, // unknown, assumed: a block of its heap (py/gc.h) where Espruino has a variable
    messageBytes: 32, // py/objstr.h: an object of 16 bytes; unknown, assumed: as much again for the list that holds it
    characterBytes: 1, // a str is its bytes
    socketBytes: ESP32_SOCKET_BYTES,
    tlsBytes: ESP32_TLS_BYTES - 12_288, // sdkconfig.base: CONFIG_MBEDTLS_ASYMMETRIC_CONTENT_LEN, 4 KiB for sending instead of 16
  },
  watchdogMs: null, // ports/esp32/boards/sdkconfig.base: CONFIG_ESP_TASK_WDT_CHECK_IDLE_TASK_CPU0=n, so nobody looks
  sockets: 10, // CONFIG_LWIP_MAX_SOCKETS: the default, which ports/esp32/boards/sdkconfig.base leaves alone
  readBytes: LWIP.receiveBufferBytes, // recv gives what is there
  randomSeed: null, // ports/esp32/mpconfigport.h: the seed is esp_random()
  joinFailureIsSilent: false, // ports/esp32/network_wlan.c: status() tells the reason
  radio: ESP32_RADIO,
  tcp: LWIP,
  calendarBeginsMs: 946_684_800_000, // 2000: the epoch of MicroPython on the ESP32
  clocks: ESP32_CLOCKS,
  flash: ESP32_FLASH,
  tls: ESP32_TLS,
  tlsHandshakeBlocks: true, // ssl.wrap_socket does the whole handshake before it returns
  javascript: null,
  uncaughtErrorEnds: 'program', // ports/esp32/main.c: what follows main.py is the REPL; soft reset, which closes sockets, comes only when asked for
  currents: ESP32_CURRENTS,
};
