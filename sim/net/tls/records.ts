/**
 * Records of TLS 1.2 (RFC 5246 section 6.2) with AES-GCM (RFC 5288): on the wire they are as long as real
 * ones, and in clear. Where a real one has its nonce and its tag, and whatever only cryptography would look
 * at, there are zeros.
 */

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

/** Bytes: type, version and length; explicit nonce; authentication tag. */
const HEADER_BYTES = 5;
const NONCE_BYTES = 8;
const TAG_BYTES = 16;
/** What a protected record carries beside its payload. */
export const RECORD_OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;
/** 2^14, section 6.2.1. */
const MAX_PAYLOAD_BYTES = 16_384;

const NONCE = '\0'.repeat(NONCE_BYTES);
const TAG = '\0'.repeat(TAG_BYTES);
/** TLS 1.x; which, is agreed on in the hellos. */
const VERSION_MAJOR = 3;

export interface TlsRecord {
  type: number;
  payload: string;
}

export function uint16(value: number): string {
  return String.fromCharCode(value >> 8, value & 0xff);
}

/** As many records as the payload needs. @param sealed protected by the keys that the handshake agreed on */
export function writeRecords(type: number, payload: string, sealed: boolean): string {
  if (payload.length <= MAX_PAYLOAD_BYTES) return writeRecord(type, payload, sealed);
  let bytes = '';
  for (let at = 0; at < payload.length; at += MAX_PAYLOAD_BYTES)
    bytes += writeRecord(type, payload.substring(at, at + MAX_PAYLOAD_BYTES), sealed);
  return bytes;
}

function writeRecord(type: number, payload: string, sealed: boolean): string {
  const bytes = payload.length + (sealed ? NONCE_BYTES + TAG_BYTES : 0);
  const header = `${String.fromCharCode(type, VERSION_MAJOR, 3)}${uint16(bytes)}`;
  return sealed ? `${header}${NONCE}${payload}${TAG}` : header + payload;
}

/** Cuts what comes from TCP into records. Holds at most the beginning of one. */
export class RecordReader {
  /** The peer protects what it sends from now on. */
  sealed = false;
  private bytes = '';

  push(bytes: string): void {
    this.bytes += bytes;
  }

  /** The next whole record, null when there is none yet, or that this is no TLS. */
  next(): TlsRecord | 'not TLS' | null {
    const { bytes } = this;
    if (bytes.length === 0) return null;
    const type = bytes.charCodeAt(0);
    if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || (bytes.length > 1 && bytes.charCodeAt(1) !== VERSION_MAJOR))
      return 'not TLS';
    if (bytes.length < HEADER_BYTES) return null;
    const overhead = this.sealed ? NONCE_BYTES + TAG_BYTES : 0;
    const length = bytes.charCodeAt(3) * 256 + bytes.charCodeAt(4);
    if (length < overhead || length > MAX_PAYLOAD_BYTES + overhead) return 'not TLS';
    if (bytes.length < HEADER_BYTES + length) return null;
    const payload = bytes.substring(HEADER_BYTES + (this.sealed ? NONCE_BYTES : 0), HEADER_BYTES + length - (this.sealed ? TAG_BYTES : 0));
    this.bytes = bytes.substring(HEADER_BYTES + length);
    return { type, payload };
  }
}
