/** A random link, from a good one to what still counts as one: worse than this, no connection could be promised and no check would judge. */

import type { Draw } from '../kernel/draw.ts';
import type { Settings } from './case.ts';

/** One way, ms: from the same room to a geostationary satellite. */
const MIN_LATENCY_MS = 1;
const MAX_LATENCY_MS = 300;
const MAX_JITTER_MS = 200;
/** Per mille: beyond it an attempt to connect fails more often than not within its time. */
const MAX_LOSS_PER_MILLE = 200;
const MAX_BURST_PACKETS = 4;
/** Bits per second: a weak mobile uplink, and 802.11n on one antenna. */
const MIN_RATE_BPS = 250_000;
const MAX_RATE_BPS = 50_000_000;
/** dBm: where a receiver gets most frames, to right beside the access point. */
const MIN_RSSI_DBM = -85;
const MAX_RSSI_DBM = -40;
const MAX_DTIM = 5;

export function drawLink(draw: Draw): Settings {
  const isLossy = draw.chance(0.6);
  return {
    latency: draw.duration(MIN_LATENCY_MS, MAX_LATENCY_MS),
    jitter: draw.chance(0.5) ? draw.duration(1, MAX_JITTER_MS) : '0ms',
    loss: isLossy ? draw.magnitude(1, MAX_LOSS_PER_MILLE) / 1_000 : 0,
    burst: isLossy && draw.chance(0.3) ? draw.whole(2, MAX_BURST_PACKETS) : 1,
    rate: draw.bitRate(MIN_RATE_BPS, MAX_RATE_BPS),
    ...(draw.chance(0.3) ? { rssi: draw.whole(MIN_RSSI_DBM, MAX_RSSI_DBM) } : {}),
    power_save: draw.pick(['none', 'none', 'min_modem']),
    dtim: draw.whole(1, MAX_DTIM),
  };
}
