/** The weather on one board's link. Both directions have the same settings and independent luck. */

/** Power save of the board's radio, by ESP-IDF's names: WIFI_PS_NONE and WIFI_PS_MIN_MODEM. */
export type PowerSaveMode = 'none' | 'min_modem';

export interface LinkSettings {
  /** One-way delay, ms. */
  latencyMs: number;
  /** Half width of the uniform variation of the delay, ms; order within a direction is kept. */
  jitterMs: number;
  /** Packet loss, 0 to 1, per packet and direction. */
  lossRate: number;
  /** Mean length of a loss burst in packets; 1 = independent losses. */
  burst: number;
  /** Bit rate of the air link, bits per second, per direction. */
  rateBps: number;
  /** Signal level that each side receives, dBm. Adds what rssi.ts says to loss and delay, and lowers the rate. Absent = the radio is perfect. */
  rssiDbm?: number;
  powerSave: PowerSaveMode;
  /** Every so manieth beacon is a DTIM, at which a station in power save wakes, 1 to 10. */
  dtim: number;
  /** A NAT or proxy on the path forgets a flow that was idle for longer, ms. Absent = nobody forgets. */
  idleTimeoutMs?: number;
}
