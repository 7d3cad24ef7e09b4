/** The weather on one board's link. Both directions have the same settings and independent luck. */

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
}
