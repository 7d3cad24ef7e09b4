/** A device that costs nothing, to see what the network alone does. */
import { LWIP } from '../../net/tcp/parameters.ts';
import { NO_COSTS } from '../../net/tls/processor.ts';
import { ESP32_RADIO } from '../../net/wifi/parameters.ts';
import { ESP32_CLOCKS, ESP32_CURRENTS } from './esp32.ts';
import type { DeviceProfile } from './profile.ts';

/** A machine that takes no time: what is left is the network and the firmware's own waits. */
export const IDEAL: DeviceProfile = {
  bootMs: 0,
  handlerUs: 0,
  byteUs: 0,
  connectBlocks: false,
  ipv6: true,
  memory: null,
  watchdogMs: 5_000, // ESP-IDF's CONFIG_ESP_TASK_WDT_TIMEOUT_S, with its panic, so that one hang does not hide the next
  sockets: 1000, // more than any firmware opens
  readBytes: 65_536, // more than a receive buffer holds
  randomSeed: null,
  joinFailureIsSilent: false,
  radio: ESP32_RADIO, // radio and stack stay an ESP32's
  tcp: LWIP,
  calendarBeginsMs: null,
  clocks: ESP32_CLOCKS, // they cost nothing, and are as wrong as any
  flash: { sectorEraseUs: 0, pageProgramUs: 0 },
  tls: NO_COSTS,
  tlsHandshakeBlocks: false,
  javascript: 'any',
  uncaughtErrorEnds: 'handler', // so that one error does not hide the next
  currents: ESP32_CURRENTS, // of which its CPU never computes
};
