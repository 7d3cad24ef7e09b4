/**
 * What a station does by itself, as people set it up, and what it does when nobody does.
 *
 * An ESP32 scans fast, never tries again and never roams, unless its firmware says so.
 */
import { choice, type Field, whole } from '../../kernel/fields.ts';

export interface StationSettings {
  /**
   * `fast`: takes the first access point of its network that it meets (WIFI_FAST_SCAN, the default of ESP-IDF,
   * Arduino and MicroPython); `all`: scans all channels and takes the strongest (WIFI_ALL_CHANNEL_SCAN; ESPHome's way).
   */
  scan: 'fast' | 'all';
  /**
   * Roams to an access point that is so many dB stronger (ESP_WIFI_ENABLE_ROAMING_APP, which is off by default;
   * ESP_WIFI_ROAMING_SCAN_ROAM_RSSI_DIFF, 15 there); null: it stays until it hears no beacons.
   */
  roamDb: number | null;
  /**
   * Joins that have failed are tried again so often, at once and without a word to the firmware: 2 in Espruino
   * (jswrap_esp32_network.c), for ever in MicroPython (`reconnects=-1`), 0 in ESP-IDF; null: for ever.
   */
  retries: number | null;
}

const NEVER = 'never';
const FOREVER = 'forever';
/** esp_wifi: Kconfig.roaming has 0 to 99. */
const MAX_ROAM_DB = 99;
/** MicroPython counts in a byte. */
const MAX_RETRIES = 255;

const decibels = whole(1, MAX_ROAM_DB);
const times = whole(0, MAX_RETRIES);

export const STATION_FIELDS = {
  scan: choice(['fast', 'all']),
  roam: {
    expected: `${decibels.expected} dB, or ${NEVER}`,
    read: (value) => (value === NEVER ? NEVER : decibels.read(value)),
    write: (value) => value,
    jsonSchema: { anyOf: [decibels.jsonSchema, { const: NEVER }] },
  } satisfies Field<number | typeof NEVER> as Field<number | typeof NEVER>,
  join_retries: {
    expected: `${times.expected}, or ${FOREVER}`,
    read: (value) => (value === FOREVER ? FOREVER : times.read(value)),
    write: (value) => value,
    jsonSchema: { anyOf: [times.jsonSchema, { const: FOREVER }] },
  } satisfies Field<number | typeof FOREVER> as Field<number | typeof FOREVER>,
};

export const DEFAULT_STATION: Readonly<StationSettings> = { scan: 'fast', roamDb: null, retries: 0 };

/** Settings as documents have them. */
export type StationValues = { scan: StationSettings['scan']; roam: number | typeof NEVER; join_retries: number | typeof FOREVER };

export const DEFAULT_STATION_VALUES: StationValues = stationValues(DEFAULT_STATION);

export function stationSettings({ scan, roam, join_retries: retries }: StationValues): StationSettings {
  return { scan, roamDb: roam === NEVER ? null : roam, retries: retries === FOREVER ? null : retries };
}

export function stationValues({ scan, roamDb, retries }: StationSettings): StationValues {
  return { scan, roam: roamDb ?? NEVER, join_retries: retries ?? FOREVER };
}
