/**
 * UTF-8 (RFC 3629) over binary strings: a validator that can be fed in pieces, and conversion from and to JavaScript text.
 *
 * A board has no characters above U+00FF, so firmware passes text on as its UTF-8 bytes and only validates; the two conversions are for literals
 * and for programs on a computer.
 */

/** Native on both engines; what it finds is then looked at byte by byte. Not by a range from \x80 on: Espruino's escapes are signed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const NOT_ASCII = /[^\x00-\x7f]/;

/** Bytes are looked at in blocks: Espruino's strings are chains, and reaching the 60,000th byte takes far longer than the 6th. */
const BLOCK_BYTES = 256;

/** `valid` is false from the first byte on that no valid text can contain at its place, however the text was cut. */
export class Utf8Validator {
  valid: boolean = true;
  /** Continuation bytes still due, and the range of the next one (narrower after E0, ED, F0 and F4: no overlong form, surrogate, or above U+10FFFF). */
  private due: number = 0;
  private low: number = 0x80;
  private high: number = 0xbf;

  /** Takes the next bytes and returns `valid`. */
  push(bytes: string): boolean {
    for (let at = 0; at < bytes.length && this.valid; at += BLOCK_BYTES) {
      const block = bytes.substring(at, at + BLOCK_BYTES);
      if (this.due === 0 && !NOT_ASCII.test(block)) continue;
      for (let i = 0; i < block.length && this.valid; i++) {
        const byte = block.charCodeAt(i);
        if (byte >= 0x80 || this.due > 0) this.step(byte);
      }
    }
    return this.valid;
  }

  /** Whether everything so far is valid and ends with a whole character. */
  complete(): boolean {
    return this.valid && this.due === 0;
  }

  /** @param byte anything but ASCII between two characters */
  private step(byte: number): void {
    if (this.due > 0) {
      this.valid = byte >= this.low && byte <= this.high;
      this.due--;
      this.low = 0x80;
      this.high = 0xbf;
    } else {
      this.lead(byte);
    }
  }

  private lead(byte: number): void {
    if (byte < 0xc2 || byte > 0xf4) {
      this.valid = false;
      return;
    }
    this.due = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0) this.low = 0xa0;
    if (byte === 0xed) this.high = 0x9f;
    if (byte === 0xf0) this.low = 0x90;
    if (byte === 0xf4) this.high = 0x8f;
  }
}

export function isUtf8(bytes: string): boolean {
  if (!NOT_ASCII.test(bytes)) return true;
  const validator = new Utf8Validator();
  validator.push(bytes);
  return validator.complete();
}

/** The bytes of a code point that does not fit into one. */
function encodeCodePoint(code: number): string {
  const last = 0x80 | (code & 63);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), last);
  const third = 0x80 | ((code >> 6) & 63);
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), third, last);
  return String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), third, last);
}

/** Text to bytes; a lone surrogate becomes U+FFFD. */
export function utf8Encode(text: string): string {
  let bytes = '';
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code < 0xe000) {
      const next = text.charCodeAt(i + 1);
      const paired = code < 0xdc00 && next >= 0xdc00 && next < 0xe000;
      code = paired ? 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00) : 0xfffd;
      if (paired) i++;
    }
    bytes += code < 0x80 ? text.charAt(i) : encodeCodePoint(code);
  }
  return bytes;
}

/** Bytes to text, or null when they are not UTF-8. Not for a board: the text may hold characters that Espruino does not have. */
export function utf8Decode(bytes: string): string | null {
  if (!isUtf8(bytes)) return null;
  let text = '';
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes.charCodeAt(i++);
    let due = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let code = due === 0 ? lead : lead & (0x3f >> due);
    for (; due > 0; due--) code = (code << 6) | (bytes.charCodeAt(i++) & 63);
    if (code < 0x10000) text += String.fromCharCode(code);
    else text += String.fromCharCode(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 1023));
  }
  return text;
}
