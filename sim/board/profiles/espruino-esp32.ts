/** An ESP32 under Espruino; sources are of release 2V29. */
import { LWIP } from '../../net/tcp/parameters.ts';
import { ESP32_RADIO } from '../../net/wifi/parameters.ts';
import { ESP32_CLOCKS, ESP32_CURRENTS, ESP32_FLASH, ESP32_SOCKET_BYTES, ESP32_TLS, ESP32_TLS_BYTES } from './esp32.ts';
import type { DeviceProfile } from './profile.ts';

export const ESPRUINO_ESP32: DeviceProfile = {
  bootMs: 1000, // unknown, assumed; 200 ms of it are a fixed wait in targets/esp32/main.c:110
  handlerUs: 500, // unknown, assumed: some tens of interpreted statements
  byteUs: 10, // unknown, assumed; the Linux port takes 1.8 µs a byte to frame 1 KiB on a desktop CPU
  connectBlocks: true, // libs/network/esp32/network_esp32.c:57,107: gethostbyname and connect of a blocking socket
  ipv6: false, // network_esp32.c:55: four bytes of what gethostbyname says
  memory: {
    programBytes: 229_362, // boards/ESP32.py: 16,383 variables of 14 bytes; targets/esp32/main.c:96 takes fewer when the heap is smaller than that
    networkBytes: 48_000, // unknown, assumed: main.c:24 leaves 40,000 beside the variables and all else to the rest; room for one TLS session and not for two
    variableBytes: 14, // src/jsvar.h with 16,383 variables
    messageBytes: 42, // three variables: the place in an array, the text, its index [firmware/build/variables.ts, measured on the Linux port]
    characterBytes: 1.4, // ten characters in a variable that continues a text [firmware/build/variables.ts, measured on the Linux port]
    socketBytes: ESP32_SOCKET_BYTES,
    tlsBytes: ESP32_TLS_BYTES,
  },
  watchdogMs: null, // targets/esp32/Changes_V3.1/sdkconfig: CONFIG_TASK_WDT is not set; the IDF 4 build's, of 9 s, only prints (no TASK_WDT_PANIC)
  sockets: 10, // targets/esp32/*/sdkconfig: CONFIG_LWIP_MAX_SOCKETS
  readBytes: 536, // network_esp32.c:322: net->chunkSize, per idle loop
  randomSeed: 'espruino', // src/jsutils.c: rand_m_w and rand_m_z begin as constants; Math.random and E.hwRand share them
  joinFailureIsSilent: true, // jswrap_esp32_network.c:586: the callback is called at GOT_IP and nowhere else
  radio: ESP32_RADIO,
  tcp: LWIP,
  calendarBeginsMs: 0, // 1970: the C library's time before anybody has set it
  clocks: ESP32_CLOCKS,
  flash: ESP32_FLASH,
  tls: ESP32_TLS,
  tlsHandshakeBlocks: false, // libs/network/socketserver.c: each step of it runs in the idle loop, on non-blocking reads and writes
  javascript: 'espruino', // firmware/build/subset/ has what that is
  uncaughtErrorEnds: 'handler', // src/jsinteractive.c: jsiCheckErrors prints "Uncaught …" after each event; timers and handlers stay
  currents: ESP32_CURRENTS,
};
