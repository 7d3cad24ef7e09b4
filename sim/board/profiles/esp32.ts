/** What every ESP32 has, whatever runs on it. */
import type { TlsCosts } from '../../net/tls/processor.ts';

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
