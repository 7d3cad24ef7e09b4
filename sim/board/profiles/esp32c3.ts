/** What every ESP32-C3 has, whatever runs on it: one RISC-V core at 160 MHz, and another radio. */
import type { TlsCosts } from '../../net/tls/processor.ts';
import { ESP32_RADIO, type RadioParameters } from '../../net/wifi/parameters.ts';
import { type Currents, DSSS_BPS, OFDM_BPS } from '../energy/currents.ts';
import { ESP32_TLS } from './esp32.ts';

/**
 * Of an ESP32 at 240 MHz [unknown, assumed: by the clock alone; a core of the same width that is as good per
 * cycle].
 */
export const ESP32C3_SLOWNESS = 1.5;

/** mbedTLS with the RSA and AES hardware of a C3. */
export const ESP32C3_TLS: TlsCosts = {
  rsaPublicUs: 19_000, // esp-idf components/idf_test/include/esp32c3/idf_performance_target.h: a ceiling of Espressif's tests
  rsaPrivateUs: 210_000, // the same
  recordUs: ESP32_TLS.recordUs * ESP32C3_SLOWNESS, // unknown, assumed
  byteUs: ESP32_TLS.byteUs, // unknown, assumed: AES and SHA are faster in hardware (14.4 and 90 MB/s there), the hash of GCM is software
};

/**
 * Its sensitivities, -98.4 dBm at 1 Mbit/s and -88.6 at 11 (data sheet 1.0, table 21), are those of the
 * ladder.
 */
export const ESP32C3_RADIO: RadioParameters = {
  ...ESP32_RADIO,
  pskMs: 211, // esp-idf issue 15072
};

/**
 * [T] fitted to the mean currents of a joined, idle station that ESP-IDF publishes (docs/en/api-guides/
 * low-power-mode/low-power-mode-wifi.rst, esp32c3), as those of an ESP32 are (esp32.ts): all nine within 7 %.
 * [D] ESP32-C3 data sheet, current consumption of Wi-Fi in active mode; its text was not at hand to be read
 * again, so take these as assumed (an ESP32-C6's are 354, 300, 280 and 78).
 */
export const ESP32C3_CURRENTS: Currents = {
  computingMa: 30.6, // LuatOS wiki, chips/esp32c3/power_dissipation: an endless loop at 160 MHz; 17.4 without
  waitingMa: 20.6, // [T]
  scaledMa: 10.4, // [T]
  lightSleepMa: 0.13, // [D]
  joinedMa: 0.07, // [T]
  deepSleepMa: 0.0048, // ESP-IDF, the same page
  receiveMa: 84, // [D: HT20]
  // [D: 802.11b at 21 dBm, 802.11g at 19 dBm, 802.11n HT20 MCS 7 at 18.5 dBm]
  transmit: [
    { toBps: DSSS_BPS, ma: 335 },
    { toBps: OFDM_BPS, ma: 285 },
    { toBps: Number.POSITIVE_INFINITY, ma: 276 },
  ],
  beaconUs: 1500, // [T]
  boardMa: 0, // the chip alone
};
