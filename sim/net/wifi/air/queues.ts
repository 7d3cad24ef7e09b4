/** How much real radios let wait, and in which order they send it. */
import type { QueueSettings } from './transmit-queue.ts';

const NEVER_TOO_OLD = Number.POSITIVE_INFINITY;

/**
 * An access point under Linux: the driver takes 123 frames at a time (ath9k.h: ATH_MAX_QDEPTH, a quarter of
 * 512 buffers less 5); before it mac80211 holds 8,192 packets in a queue per station, each of which has 300
 * bytes a turn (fq_impl.h: limit and quantum of fq_init). Deep: what does not fit into the air waits.
 */
export const LINUX_QUEUE: QueueSettings = { listPackets: 123, waitingPackets: 8192, quantumBytes: 300, lifetimeUs: NEVER_TOO_OLD };

/** A simple access point: first in, first out, and what finds no room is lost. @param packets at least 1 */
export function plainQueue(packets: number): QueueSettings {
  return { listPackets: packets, waitingPackets: 0, quantumBytes: 1, lifetimeUs: NEVER_TOO_OLD };
}

/** An ESP32: 32 buffers (ESP-IDF Kconfig, ESP_WIFI_DYNAMIC_TX_BUFFER_NUM). */
export const ESP32_QUEUE: QueueSettings = plainQueue(32);
