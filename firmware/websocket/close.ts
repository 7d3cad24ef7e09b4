/** Close codes and the body of a close frame (RFC 6455 sections 5.5.1 and 7.4). */

/** What this client closes with when the server breaks the protocol. */
export const CLOSE_PROTOCOL_ERROR = 1002;
export const CLOSE_INVALID_DATA = 1007;
export const CLOSE_TOO_BIG = 1009;
/** Never on the wire: stands for a close frame without a code. */
export const CLOSE_NO_CODE = 1005;

/** Whether a code may travel in a frame; 1012 to 1014 are IANA's additions. */
export function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

export function encodeCloseCode(code: number): string {
  return String.fromCharCode(code >> 8, code & 255);
}

/** The code at the head of a body of at least two bytes. */
export function decodeCloseCode(body: string): number {
  return (body.charCodeAt(0) << 8) | body.charCodeAt(1);
}
