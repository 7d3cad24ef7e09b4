/**
 * Handshake messages of TLS 1.2 with RSA key exchange (RFC 5246 section 7.4), in their real sizes. What a
 * peer must know of the other is really in them: the version and the certificates. The rest (randoms, key
 * material, signatures) is zeros.
 */
import { uint16 } from './records.ts';

export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
export const CERTIFICATE = 11;
export const CERTIFICATE_REQUEST = 13;
export const SERVER_HELLO_DONE = 14;
export const CERTIFICATE_VERIFY = 15;
export const CLIENT_KEY_EXCHANGE = 16;
export const FINISHED = 20;

export const TLS_1_2 = 0x0303;

const HEADER_BYTES = 4;
/**
 * A ClientHello beside its server name: 39 bytes of version, random and empty session, some 40 cipher suites,
 * 8 bytes of compression and lengths, 43 of extensions [unknown, assumed: mbedTLS 2 as ESP-IDF configures it;
 * nobody looked at a board's].
 */
const CLIENT_HELLO_BYTES = 170;
/** Server name extension (RFC 6066) around the name. */
const SERVER_NAME_BYTES = 9;
/**
 * Version, random, a session id of 32, suite, compression, and renegotiation_info (RFC 5746): what OpenSSL
 * answers such a client.
 */
const SERVER_HELLO_BYTES = 2 + 33 + 32 + 3 + 2 + 5;
/** Three types of certificate, and OpenSSL's list of signature algorithms (23), with their lengths. */
const REQUEST_BYTES = 4 + 2 + 46;
const SIGNATURE_ALGORITHM_BYTES = 2;
/** Section 7.4.9. */
const FINISHED_BYTES = 12;
/** A chain that is longer is refused: OpenSSL's SSL_MAX_CERT_LIST_DEFAULT. */
const MAX_MESSAGE_BYTES = 100 * 1024;

export interface Message {
  type: number;
  body: string;
}

export function clientHello(version: number, host: string): string {
  return message(CLIENT_HELLO, uint16(version) + zeros(CLIENT_HELLO_BYTES + SERVER_NAME_BYTES + host.length));
}

export function serverHello(version = TLS_1_2): string {
  return message(SERVER_HELLO, uint16(version) + zeros(SERVER_HELLO_BYTES - 2));
}

/** @param certificates DER, the owner's first; none: there is no certificate to show */
export function certificate(certificates: readonly string[]): string {
  const list = certificates.map((der) => uint24(der.length) + der).join('');
  return message(CERTIFICATE, uint24(list.length) + list);
}

/** @param authorityNames DER of the names that would be welcome as issuers */
export function certificateRequest(authorityNames: readonly string[]): string {
  const names = authorityNames.map((der) => uint16(der.length) + der).join('');
  return message(CERTIFICATE_REQUEST, zeros(REQUEST_BYTES) + uint16(names.length) + names);
}

export function serverHelloDone(): string {
  return message(SERVER_HELLO_DONE, '');
}

/** @param keyBytes length of the server's RSA modulus */
export function clientKeyExchange(keyBytes: number): string {
  return message(CLIENT_KEY_EXCHANGE, uint16(keyBytes) + zeros(keyBytes));
}

/** @param keyBytes length of the client's RSA modulus */
export function certificateVerify(keyBytes: number): string {
  return message(CERTIFICATE_VERIFY, zeros(SIGNATURE_ALGORITHM_BYTES) + uint16(keyBytes) + zeros(keyBytes));
}

export function finished(): string {
  return message(FINISHED, zeros(FINISHED_BYTES));
}

export function versionOf(helloBody: string): number {
  return helloBody.charCodeAt(0) * 256 + helloBody.charCodeAt(1);
}

/** The certificates of a Certificate message, or null when it is broken. */
export function certificatesOf(body: string): string[] | null {
  const certificates: string[] = [];
  if (body.length < 3 || readUint24(body, 0) !== body.length - 3) return null;
  for (let at = 3; at < body.length; ) {
    const length = readUint24(body, at);
    at += 3;
    if (!(at + length <= body.length)) return null;
    certificates.push(body.substring(at, at + length));
    at += length;
  }
  return certificates;
}

/** Puts messages together from the records that carry them. */
export class MessageReader {
  private bytes = '';

  push(payload: string): void {
    this.bytes += payload;
  }

  /** The next whole message, null when there is none yet. */
  next(): Message | 'too long' | null {
    const { bytes } = this;
    if (bytes.length < HEADER_BYTES) return null;
    const length = readUint24(bytes, 1);
    if (length > MAX_MESSAGE_BYTES) return 'too long';
    if (bytes.length < HEADER_BYTES + length) return null;
    this.bytes = bytes.substring(HEADER_BYTES + length);
    return { type: bytes.charCodeAt(0), body: bytes.substring(HEADER_BYTES, HEADER_BYTES + length) };
  }
}

function message(type: number, body: string): string {
  return String.fromCharCode(type) + uint24(body.length) + body;
}

function uint24(value: number): string {
  return String.fromCharCode(value >> 16, (value >> 8) & 0xff, value & 0xff);
}

/** NaN past the end. */
function readUint24(bytes: string, at: number): number {
  return bytes.charCodeAt(at) * 65_536 + bytes.charCodeAt(at + 1) * 256 + bytes.charCodeAt(at + 2);
}

function zeros(count: number): string {
  return '\0'.repeat(count);
}
