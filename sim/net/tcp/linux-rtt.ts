/**
 * Linux's RTT estimator (tcp_rtt_estimator in net/ipv4/tcp_input.c): RFC 6298 with a floor on the variance
 * term, decaying once per round trip.
 */
import type { LinuxParameters } from './parameters.ts';

export class LinuxRtt {
  private readonly parameters: LinuxParameters;
  /** SRTT, ms; -1 before the first sample. */
  smoothedMs = -1;
  minMs = Number.POSITIVE_INFINITY;
  rtoMs: number;
  private deviation = 0;
  private variance = 0;
  private maxDeviation = 0;
  private roundEnds = 0;

  constructor(parameters: LinuxParameters) {
    this.parameters = parameters;
    this.rtoMs = parameters.initialRtoMs;
  }

  /**
   * A valid sample sets the RTO afresh and so ends a backoff. @param una @param nxt sender's state after the
   * acknowledgement
   */
  sample(rttMs: number, una: number, nxt: number): void {
    const floor = this.parameters.rtoMinMs;
    this.minMs = Math.min(this.minMs, rttMs);
    if (this.smoothedMs < 0) {
      this.smoothedMs = rttMs;
      this.deviation = 2 * rttMs;
      this.variance = this.maxDeviation = Math.max(this.deviation, floor);
      this.roundEnds = nxt;
    } else {
      this.smooth(rttMs, una, nxt, floor);
    }
    const { jiffyMs, rtoMaxMs } = this.parameters;
    this.rtoMs = Math.min(rtoMaxMs, Math.ceil((this.smoothedMs + this.variance) / jiffyMs) * jiffyMs);
  }

  backOff(): void {
    this.rtoMs = Math.min(this.rtoMs * 2, this.parameters.rtoMaxMs);
  }

  fallBack(): void {
    this.rtoMs = this.parameters.fallbackRtoMs;
  }

  private smooth(rttMs: number, una: number, nxt: number, floor: number): void {
    let error = rttMs - this.smoothedMs;
    this.smoothedMs += error / 8;
    if (error < 0) {
      error = -error - this.deviation / 4;
      if (error > 0) error /= 8; // a path that got faster must not raise the RTO
    } else {
      error -= this.deviation / 4;
    }
    this.deviation += error;
    if (this.deviation > this.maxDeviation) {
      this.maxDeviation = this.deviation;
      this.variance = Math.max(this.variance, this.maxDeviation);
    }
    if (una > this.roundEnds) {
      if (this.maxDeviation < this.variance) this.variance -= (this.variance - this.maxDeviation) / 4;
      this.roundEnds = nxt;
      this.maxDeviation = floor;
    }
  }
}
