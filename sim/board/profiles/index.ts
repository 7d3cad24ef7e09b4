/**
 * Every device by the name that `--device` and `boards.device` give it. A new one is a file here and a line
 * below.
 */
import { ESPRUINO_ESP32 } from './espruino-esp32.ts';
import { ESPRUINO_ESP32C3 } from './espruino-esp32c3.ts';
import { IDEAL } from './ideal.ts';
import { MICROPYTHON_ESP32 } from './micropython-esp32.ts';
import { MICROPYTHON_ESP32C3 } from './micropython-esp32c3.ts';
import type { DeviceProfile } from './profile.ts';

export type { DeviceProfile } from './profile.ts';

export const PROFILES = {
  'espruino-esp32': ESPRUINO_ESP32,
  'micropython-esp32': MICROPYTHON_ESP32,
  'espruino-esp32c3': ESPRUINO_ESP32C3,
  'micropython-esp32c3': MICROPYTHON_ESP32C3,
  ideal: IDEAL,
} satisfies Record<string, DeviceProfile>;

export type DeviceName = keyof typeof PROFILES;
