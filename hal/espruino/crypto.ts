/** SHA-1 and base64 from the engine, in binary strings. */
import type { Crypto } from '../index.ts';

/** @throws Error when this build of Espruino has no SHA-1 (rule 11) */
export function createCrypto(): Crypto {
  const sha1 = engineSha1();
  return {
    sha1(bytes) {
      const digest = new Uint8Array(sha1(bytes));
      let text = '';
      for (let i = 0; i < digest.length; i++) text += String.fromCharCode(digest[i]);
      return text;
    },
    base64: (bytes) => btoa(bytes),
  };
}

function engineSha1(): (bytes: string) => ArrayBuffer {
  let sha1: ((bytes: string) => ArrayBuffer) | undefined;
  try {
    sha1 = require('crypto').SHA1;
  } catch {
    // No such module.
  }
  if (sha1 === undefined) throw new Error('this Espruino has no SHA1, which WebSocket needs; the build called ESP32 has');
  return sha1;
}
