/** What every ESP32 has, whatever runs on it. */
import type { TlsCosts } from '../../net/tls/processor.ts';
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
 * NOR flash as modules carry it (Winbond W25Q32 and its kin). Typical times, assumed: nobody measured a
 * module.
 */
export const ESP32_FLASH: FlashCosts = {
  sectorEraseUs: 45_000, // a worn or cold one takes up to ten times as long
  pageProgramUs: 700,
};
