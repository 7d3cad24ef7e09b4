/**
 * What a channel with TLS needs besides sockets: its files, and a word for each failure. What concerns the
 * relay's certificate is TlsVerification's.
 */
import type { Hal, TlsFailure, TlsSettings } from 'hal';
import type { DeviceConfig } from '../config.ts';
import { TlsVerification } from './tls-verification.ts';

const WORDS: { [failure: string]: string } = {
  certificate_required: 'the relay wants a certificate, see ssl.cert',
  bad_certificate: 'a certificate is unreadable, not for this use, or not accepted',
  protocol: 'no TLS on the other side, or no version in common',
};

export class TlsKeeper {
  /** Why there can be no TLS, such as a file that is missing; '' when there can. */
  readonly problem: string;
  private readonly hal: Hal;
  private readonly files: TlsSettings;
  /** Null when nobody looks at the relay's certificate. */
  private readonly verification: TlsVerification | null;

  constructor(hal: Hal, config: DeviceConfig) {
    const { key, cert, ca, cert_reqs } = config.ssl;
    let missing = '';
    const read = (name: string) => {
      const bytes = name === '' ? '' : hal.storage.read(name);
      if (bytes === null) missing += ` ${name}`;
      return bytes === null ? '' : bytes;
    };
    this.hal = hal;
    const verify = cert_reqs > 0 && ca !== '';
    this.files = { ca: verify ? read(ca) : '', cert: read(cert), key: read(key), verify };
    this.verification = verify ? new TlsVerification(hal, config, this.files) : null;
    this.problem = missing === '' ? '' : `no such file on the device:${missing}`;
  }

  /**
   * For a connection to `host`: calls `connect`, at once or when the clock has been set; not at all after
   * `cancel`.
   */
  prepare(host: string, port: number, connect: (tls: TlsSettings) => void): void {
    if (this.verification === null) connect(this.files);
    else this.verification.prepare(host, port, connect);
  }

  cancel(): void {
    if (this.verification !== null) this.verification.cancel();
  }

  /** Takes note of a failure, and returns it in words. */
  failed(failure: TlsFailure): string {
    this.hal.log.event('tls.failed', failure, '', 0);
    const words = this.verification === null ? '' : this.verification.failed(failure);
    return words === '' ? WORDS[failure] : words;
  }
}
