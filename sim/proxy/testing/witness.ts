/**
 * What a client has met, in order: `open`, `silence`, `close` and whatever else it tells; `heard` is the
 * quiet life.
 */

/** A busy machine can hold up an echo, but not for so long, ms. */
const SILENCE_MIN_MS = 1_500;

export class Witness {
  readonly met: string[] = [];
  readonly silencesMs: number[] = [];
  /** From each close to the next open. */
  readonly gapsMs: number[] = [];
  private heardAtMs = 0;

  tell(event: string): void {
    const nowMs = performance.now();
    const silenceMs = nowMs - this.heardAtMs;
    this.heardAtMs = nowMs;
    if (event !== 'heard') {
      if (event === 'open' && this.met.at(-1) === 'close') this.gapsMs.push(silenceMs);
      this.met.push(event);
    } else if (silenceMs >= SILENCE_MIN_MS) {
      this.met.push('silence');
      this.silencesMs.push(silenceMs);
    }
  }
}
