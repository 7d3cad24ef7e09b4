/**
 * User info of a URL as Basic authorisation (RFC 7617). A module of its own, since a program whose URL has
 * none goes without it.
 */
import type { Crypto } from 'hal';

/** @param userInfo `USER` or `USER:PASSWORD`, percent-encoded @returns the header line, with its line end */
export function basicAuthorization(userInfo: string, crypto: Crypto): string {
  const bytes = userInfo.replace(/%[^\n][^\n]/g, (code) => String.fromCharCode(parseInt(code.substring(1), 16)));
  return `Authorization: Basic ${crypto.base64(userInfo.indexOf(':') < 0 ? `${bytes}:` : bytes)}\r\n`;
}
