/**
 * What a station does by itself, as people set it up, and what it does when nobody does.
 *
 * An ESP32 scans fast, never tries again and never roams, unless its firmware says so.
 */
import { choice, type Field, whole } from '../../kernel/fields.ts';

export interface StationSettings {
  /**
   * `fast`: takes the first access point of its network that it meets (WIFI_FAST_SCAN, the default of
   * ESP-IDF, Arduino and MicroPython); `all`: scans all channels and takes the strongest
   * (WIFI_ALL_CHANNEL_SCAN; ESPHome's way).
   */
  scan: 'fast' | 'all';
  /**
   * Roams to an access point that is so many dB stronger (ESP_WIFI_ENABLE_ROAMING_APP, which is off by
   * default; ESP_WIFI_ROAMING_SCAN_ROAM_RSSI_DIFF, 15 there); null: it stays until it hears no beacons.
   */
  roamDb: number | null;
  /**
   * After a loss or a failed join it joins again so often, at once and by itself: `forever` in MicroPython
   * (`reconnects=-1`) and Arduino, 2 in Espruino (jswrap_esp32_network.c, which never refills them), 5 in
   * ESP-IDF's example (EXAMPLE_ESP_MAXIMUM_RETRY), 0 in ESP-IDF; null: for ever. A join that succeeds counts
   * anew.
   */
  reconnects: number | null;
}

const NEVER = 'never';
const FOREVER = 'forever';
/** esp_wifi: Kconfig.roaming has 0 to 99. */
const MAX_ROAM_DB = 99;
/** MicroPython counts in a byte. */
const MAX_RECONNECTS = 255;

const decibels = whole(1, MAX_ROAM_DB);
const times = whole(0, MAX_RECONNECTS);

export const STATION_FIELDS = {
  scan: choice(['fast', 'all']),
  roam: {
    expected: `${decibels.expected} dB, or ${NEVER}`,
    read: (value) => (value === NEVER ? NEVER : decibels.read(value)),
    write: (value) => value,
    jsonSchema: { anyOf: [decibels.jsonSchema, { const: NEVER }] },
  } satisfies Field<number | typeof NEVER> as Field<number | typeof NEVER>,
  reconnects: {
    expected: `${times.expected}, or ${FOREVER}`,
    read: (value) => (value === FOREVER ? FOREVER : times.read(value)),
    write: (value) => value,
    jsonSchema: { anyOf: [times.jsonSchema, { const: FOREVER }] },
  } satisfies Field<number | typeof FOREVER> as Field<number | typeof FOREVER>,
};

export const DEFAULT_STATION: Readonly<StationSettings> = { scan: 'fast', roamDb: null, reconnects: 0 };

/** Settings as documents have them. */
export type StationValues = { scan: StationSettings['scan']; roam: number | typeof NEVER; reconnects: number | typeof FOREVER };

export const DEFAULT_STATION_VALUES: StationValues = stationValues(DEFAULT_STATION);

export function stationSettings({ scan, roam, reconnects }: StationValues): StationSettings {
  return { scan, roamDb: roam === NEVER ? null : roam, reconnects: reconnects === FOREVER ? null : reconnects };
}

export function stationValues({ scan, roamDb, reconnects }: StationSettings): StationValues {
  return { scan, roam: roamDb ?? NEVER, reconnects: reconnects ?? FOREVER };
}
