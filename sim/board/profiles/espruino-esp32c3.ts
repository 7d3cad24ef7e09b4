/** An ESP32-C3 under Espruino (boards/ESP32C3_IDF4.py): what no line here says is as on an ESP32. */
import { ESP32C3_CURRENTS, ESP32C3_RADIO, ESP32C3_SLOWNESS, ESP32C3_TLS } from './esp32c3.ts';
import { ESPRUINO_ESP32 } from './espruino-esp32.ts';
import type { DeviceProfile } from './profile.ts';

export const ESPRUINO_ESP32C3: DeviceProfile = {
  ...ESPRUINO_ESP32,
  handlerUs: ESPRUINO_ESP32.handlerUs * ESP32C3_SLOWNESS, // unknown, assumed
  byteUs: ESPRUINO_ESP32.byteUs * ESP32C3_SLOWNESS, // unknown, assumed
  radio: ESP32C3_RADIO,
  tls: ESP32C3_TLS,
  currents: ESP32C3_CURRENTS,
};
