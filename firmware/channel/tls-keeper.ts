/**
 * What a channel with TLS needs besides sockets: its files, a clock that is right enough to judge certificates, and a word for each failure.
 *
 * `cert_reqs` 1 is mbedTLS's VERIFY_OPTIONAL: what is wrong with the relay's certificate is logged, and the attempt after that one goes on without looking.
 */
import type { Hal, TlsFailure, TlsSettings } from 'hal';
import type { DeviceConfig } from '../config.ts';
import { dateText, setClock } from './tls-clock.ts';

/** With `~` for "the relay's certificate is", which is what `cert_reqs` 1 overlooks. */
const WORDS: { [failure: string]: string } = {
  unknown_ca: '~of another authority',
  expired: "~expired by this board's clock",
  not_yet_valid: "~not yet valid by this board's clock",
  name_mismatch: '~for another host',
  certificate_required: 'the relay wants a certificate, see ssl.cert',
  bad_certificate: 'a certificate is unreadable, not for this use, or not accepted',
  protocol: 'no TLS on the other side, or no version in common',
};

export class TlsKeeper {
  /** Why there can be no TLS, such as a file that is missing; '' when there can. */
  readonly problem: string;
  private readonly hal: Hal;
  private readonly config: DeviceConfig;
  private readonly host: string;
  private readonly port: number;
  private readonly files: TlsSettings;
  /** The clock is to be set before the next verified connection. */
  private clockDue: boolean;
  /** The next connection goes without verification (`cert_reqs` 1). */
  private lenient: boolean = false;
  /** Counts attempts; what belongs to an older one is late and ignored. */
  private attempt: number = 0;

  constructor(hal: Hal, config: DeviceConfig, host: string, port: number) {
    const { key, cert, ca, cert_reqs } = config.ssl;
    let missing = '';
    const read = (name: string) => {
      const bytes = name === '' ? '' : hal.storage.read(name);
      if (bytes === null) missing += ` ${name}`;
      return bytes === null ? '' : bytes;
    };
    this.hal = hal;
    this.config = config;
    this.host = host;
    this.port = port;
    const verify = cert_reqs > 0 && ca !== '';
    this.files = { ca: verify ? read(ca) : '', cert: read(cert), key: read(key), verify };
    this.problem = missing === '' ? '' : `no such file on the device:${missing}`;
    this.clockDue = config.clock.source === 'sntp' && this.files.verify;
  }

  /** Calls `connect`, at once or when the clock has been set; not at all after `cancel`. */
  prepare(connect: (tls: TlsSettings) => void): void {
    const attempt = ++this.attempt;
    const { ca, cert, key, verify } = this.files;
    const tls = { ca, cert, key, verify: verify && !this.lenient };
    this.lenient = false;
    if (!this.clockDue || !tls.verify) {
      connect(tls);
      return;
    }
    this.clockDue = false;
    setClock(this.hal, this.config.clock, this.host, this.port, { ca: '', cert, key, verify: false }, (failure) => {
      this.hal.log.line(`clock: ${failure === '' ? dateText(this.hal.wallClock.now()) : `not set (${failure})`}`);
      if (attempt === this.attempt) connect(tls);
    });
  }

  cancel(): void {
    this.attempt++;
  }

  /** Takes note of a failure, and returns it in words. */
  failed(failure: TlsFailure): string {
    const words = WORDS[failure];
    const early = failure === 'not_yet_valid';
    const dated = early || failure === 'expired';
    const { source } = this.config.clock;
    this.hal.log.event('tls.failed', failure, '', 0);
    this.lenient = this.config.ssl.cert_reqs === 1 && words.charAt(0) === '~';
    this.clockDue = source === 'sntp' ? dated : source === 'date_header' && early;
    return words.replace('~', "the relay's certificate is ") + (dated ? ` (${dateText(this.hal.wallClock.now())})` : '');
  }
}
