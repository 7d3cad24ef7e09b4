/** What every ESP32 has, whatever runs on it. */
import type { TlsCosts } from '../../net/tls/processor.ts';
import type { ClockFacts } from '../clock-drift.ts';
import { type Currents, DSSS_BPS, OFDM_BPS } from '../energy/currents.ts';
import type { FlashCosts } from '../peripherals/flash.ts';

/**
 * mbedTLS on an ESP32 at 240 MHz with its RSA and AES hardware. How much of it Espruino's build uses is
 * unknown.
 */
export const ESP32_TLS: TlsCosts = {
  rsaPublicUs: 19_000, // esp-idf components/idf_test/include/esp32/idf_performance_target.h:24: a ceiling of Espressif's tests
  rsaPrivateUs: 450_000, // the same, :26
  recordUs: 300, // unknown, assumed
  byteUs: 0.5, // unknown, assumed: AES alone is 8.2 MB/s and more, but the hash of GCM is software
};

/**
 * The main crystal, by which timers and calendar run while the chip is awake, and the RC oscillator of the
 * RTC (150 kHz on an ESP32, 136 on a C3), by which it wakes from deep sleep.
 */
export const ESP32_CLOCKS: ClockFacts = {
  crystalPpm: 10, // stated: esp-idf docs/en/api-reference/system/system_time.rst (034f677): below ±10 ppm
  sleepShare: 0.05, // assumed: the same page gives no number; users saw +23 s an hour (0.6 %, pantaluna/esp32_ds3231_32khz_oscillator_using_lib) and half an hour in ten (5 %, an esp32.com thread of that name)
};

/**
 * NOR flash as modules carry it (Winbond W25Q32 and its kin). Typical times, assumed: nobody measured a
 * module.
 */
export const ESP32_FLASH: FlashCosts = {
  sectorEraseUs: 45_000, // a worn or cold one takes up to ten times as long
  pageProgramUs: 700,
};

/**
 * [D] ESP32 data sheet, RF power consumption and current consumption in other modes. [T] fitted to the mean
 * currents of a joined, idle station that ESP-IDF publishes (docs/en/api-guides/low-power-mode/
 * low-power-mode-wifi.rst): three modes by DTIM 1, 3 and 10. All nine come out within 7 % (`npm run fidelity
 * -- --energy`).
 *
 * How: of light-sleep the slope over 1 / DTIM, 1.4 mA, is the charge of a wake divided by a beacon's
 * interval: 1.5 ms at the receiver's current. What is left, 1.9 mA, is the mode's own; the data sheet has 0.8
 * of it. The other two modes differ from theirs by no more than the same wakes.
 */
export const ESP32_CURRENTS: Currents = {
  computingMa: 50, // [D: 30 to 68 mA at 240 MHz, one of two cores at work: the middle]
  waitingMa: 29, // [T; D: 30]
  scaledMa: 20.5, // [T; D: 20 to 31 at 80 MHz]
  lightSleepMa: 0.8, // [D]
  joinedMa: 1.1, // [T]
  deepSleepMa: 0.005, // ESP-IDF, the same page
  receiveMa: 97, // [D: 95 to 100]
  // [D: 802.11b at 19.5 dBm, 802.11g at 16 dBm, 802.11n MCS 7 at 14 dBm]
  transmit: [
    { toBps: DSSS_BPS, ma: 240 },
    { toBps: OFDM_BPS, ma: 190 },
    { toBps: Number.POSITIVE_INFINITY, ma: 180 },
  ],
  beaconUs: 1500, // [T]; a beacon of 200 to 350 bytes at 1 Mbit/s takes 1.8 to 3 ms, one of an open network 1.4
  boardMa: 0, // the chip alone; development boards draw 5 to 10 mA more, with a wide spread
};

/**
 * lwIP's part of an open socket that waits. Measured under MicroPython on ESP-IDF 4.2
 * (micropython/issues/8940): the largest free block is 35,128 bytes once Wi-Fi has joined and 33,300 with a
 * connected socket. What is on its way, up to 5.7 kB each way, comes on top and is not counted.
 */
export const ESP32_SOCKET_BYTES = 1_828;

/**
 * mbedTLS with its defaults, 16 KiB each for sending and receiving. Measured by Espressif: 42.2 kB, 38.5
 * without a peer certificate, 22.0 with dynamic buffers (esp-idf
 * docs/en/api-reference/protocols/mbedtls.rst:380-400).
 */
export const ESP32_TLS_BYTES = 42_200;
