/**
 * What it takes to verify a relay besides its authority: a clock that is right enough to judge certificates,
 * and a word for each thing that is wrong with one.
 *
 * `cert_reqs` 1 is mbedTLS's VERIFY_OPTIONAL: what is wrong with the relay's certificate is logged, and the
 * attempt after that one goes on without looking. A module of its own, since Espruino verifies nobody and a
 * program for it goes without.
 */
import type { Hal, TlsFailure, TlsSettings } from 'hal';
import type { DeviceConfig } from '../config.ts';
import { dateText, setClock } from './tls-clock.ts';

/** What "the relay's certificate" is: all that `cert_reqs` 1 overlooks. */
const WORDS: { [failure: string]: string } = {
  unknown_ca: 'is of another authority',
  incomplete_chain:
    'came alone, and ssl.ca has not signed it: an intermediate one is missing at the relay, or ssl.ca is of another authority',
  expired: "is expired by this board's clock",
  not_yet_valid: "is not yet valid by this board's clock",
  name_mismatch: 'is for another host',
};

export class TlsVerification {
  private readonly hal: Hal;
  private readonly config: DeviceConfig;
  private readonly files: TlsSettings;
  /** The clock is to be set before the next verified connection. */
  private clockDue: boolean;
  /** The next connection goes without verification (`cert_reqs` 1). */
  private lenient: boolean = false;
  /** Counts attempts; what belongs to an older one is late and ignored. */
  private attempt: number = 0;

  constructor(hal: Hal, config: DeviceConfig, files: TlsSettings) {
    this.hal = hal;
    this.config = config;
    this.files = files;
    this.clockDue = config.clock.source === 'sntp';
  }

  /** Calls `connect`, at once or when the clock has been set; not at all after `cancel`. */
  prepare(host: string, port: number, connect: (tls: TlsSettings) => void): void {
    const attempt = ++this.attempt;
    const { ca, cert, key } = this.files;
    const tls = { ca, cert, key, verify: !this.lenient };
    this.lenient = false;
    if (!this.clockDue || !tls.verify) {
      connect(tls);
      return;
    }
    this.clockDue = false;
    setClock(this.hal, this.config.clock, host, port, { ca: '', cert, key, verify: false }, (failure) => {
      this.hal.log.line(`clock: ${failure === '' ? dateText(this.hal.wallClock.now()) : `not set (${failure})`}`);
      if (attempt === this.attempt) connect(tls);
    });
  }

  cancel(): void {
    this.attempt++;
  }

  /** Takes note of a failure, and returns it in words; '' when it is not one of the relay's certificate. */
  failed(failure: TlsFailure): string {
    const words = WORDS[failure];
    const early = failure === 'not_yet_valid';
    const dated = early || failure === 'expired';
    const { source } = this.config.clock;
    this.lenient = this.config.ssl.cert_reqs === 1 && words !== undefined;
    this.clockDue = source === 'sntp' ? dated : source === 'date_header' && early;
    if (words === undefined) return '';
    return `the relay's certificate ${words}${dated ? ` (${dateText(this.hal.wallClock.now())})` : ''}`;
  }
}
