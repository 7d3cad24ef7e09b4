/** An ESP32-C3 under MicroPython (ESP32_GENERIC_C3): what no line here says is as on an ESP32. */
import { ESP32C3_CURRENTS, ESP32C3_RADIO, ESP32C3_SLOWNESS, ESP32C3_TLS } from './esp32c3.ts';
import { MICROPYTHON_ESP32 } from './micropython-esp32.ts';
import type { DeviceProfile } from './profile.ts';

export const MICROPYTHON_ESP32C3: DeviceProfile = {
  ...MICROPYTHON_ESP32,
  handlerUs: MICROPYTHON_ESP32.handlerUs * ESP32C3_SLOWNESS, // unknown, assumed
  byteUs: MICROPYTHON_ESP32.byteUs * ESP32C3_SLOWNESS, // unknown, assumed
  radio: ESP32C3_RADIO,
  tls: ESP32C3_TLS,
  currents: ESP32C3_CURRENTS,
};
