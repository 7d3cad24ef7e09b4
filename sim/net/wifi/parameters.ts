/**
 * What a board's radio is like, as a set of numbers: how long it takes to join and to notice a loss, how
 * often it tries a frame, which rates it has.
 *
 * Sources: [S] station-scenarios.rst and example logs of ESP-IDF, [K] ESP-IDF Kconfig and lwIP source, [D]
 * data sheet, [A] assumed.
 */

/** One rate of the radio. */
export interface Rung {
  /** At which one frame in ten fails (802.11n; 8 % in 802.11b), dBm. */
  readonly sensitivityDbm: number;
  /** On the air, bits per second. */
  readonly phyBps: number;
}

export interface RadioParameters {
  /** One channel, active scan, ms. A fast scan stops at the first match, so it takes 1 to 13 of these. */
  readonly scanDwellMs: number;
  /** All channels and nothing found, ms. */
  readonly fullScanMs: number;
  /** PBKDF2 of the passphrase, ms. */
  readonly pskMs: number;
  /** Authentication and association; the 4-way handshake; DHCP with what goes with it: least and most, ms. */
  readonly associationMs: readonly [min: number, max: number];
  readonly fourWayMs: readonly [min: number, max: number];
  readonly dhcpMs: readonly [min: number, max: number];
  /** After which a 4-way handshake that a wrong passphrase keeps from its end is given up, ms. */
  readonly fourWayTimeoutMs: number;
  /** Waits before DISCOVER or REQUEST is sent again, ms; gives up after the last. */
  readonly dhcpResendMs: readonly number[];
  /** An access point without power is noticed after so long, ms. */
  readonly beaconLossMs: number;
  /** An access point that has gone in the middle of joining is noticed after so long, ms. */
  readonly authTimeoutMs: number;
  /** An access point gives up a station that does not answer when keys are renewed, ms. */
  readonly rekeyTimeoutMs: number;
  /** One that roams looks for a better access point so often, ms, while its own is weaker than that, dBm. */
  readonly roamScanMs: number;
  readonly roamBelowDbm: number;
  /** Tries of a frame, the first one included. */
  readonly tries: number;
  /** Its rates, the slowest first. */
  readonly ladder: readonly Rung[];
}

export const ESP32_RADIO: RadioParameters = {
  scanDwellMs: 120, // [S]
  fullScanMs: 2830, // [S: measured 2.83 s]
  pskMs: 138, // esp-idf issue 15072
  associationMs: [10, 40], // [S]
  fourWayMs: [15, 40], // [S]
  dhcpMs: [810, 1210], // two ARP probes of 500 ms among it [S: 0.81 to 1.21 s; K: LWIP_DHCP_DOES_ARP_CHECK]
  fourWayTimeoutMs: 4000, // [A: the driver is closed]
  dhcpResendMs: [500, 1000, 2000, 4000, 4000, 4000], // [K: lwipopts.h]
  beaconLossMs: 8500, // 60 beacons missed, then five probes 500 ms apart [S, esp_wifi.h]
  authTimeoutMs: 1000, // [S; esphome issue 1371: 1.0 s, then reason 2]
  rekeyTimeoutMs: 4000, // hostapd: wpa_group_update_count and wpa_pairwise_update_count 4, a second each
  roamScanMs: 30_000, // [K: ESP_WIFI_ROAMING_SCAN_MONITOR_INTERVAL]
  roamBelowDbm: -50, // [K: ESP_WIFI_ROAMING_PERIODIC_SCAN_THRESHOLD]
  tries: 33, // 32 retries (esp-idf issue 12070)
  // [D] An ESP32-S3 (WROOM, table 6-4): 802.11b at 1, 2 and 5.5 Mbit/s, then 802.11n HT20, MCS 0 to 7, long
  // guard interval. An ESP32's two published ends (HT20 MCS0 -93, MCS7 -73 dBm) lie within 1.2 dB of it.
  ladder: [
    { sensitivityDbm: -98.4, phyBps: 1_000_000 },
    { sensitivityDbm: -95.4, phyBps: 2_000_000 },
    { sensitivityDbm: -93.0, phyBps: 5_500_000 },
    { sensitivityDbm: -92.6, phyBps: 6_500_000 },
    { sensitivityDbm: -91.0, phyBps: 13_000_000 },
    { sensitivityDbm: -88.2, phyBps: 19_500_000 },
    { sensitivityDbm: -85.0, phyBps: 26_000_000 },
    { sensitivityDbm: -81.8, phyBps: 39_000_000 },
    { sensitivityDbm: -77.4, phyBps: 52_000_000 },
    { sensitivityDbm: -75.8, phyBps: 58_500_000 },
    { sensitivityDbm: -74.2, phyBps: 65_000_000 },
  ],
};
