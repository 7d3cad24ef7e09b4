/**
 * UTF-8 (RFC 3629) over binary strings: a validator that can be fed in pieces, and conversion from and to
 * JavaScript text.
 *
 * A board has no characters above U+00FF, so firmware passes text on as its UTF-8 bytes and only validates;
 * the two conversions are for literals and for programs on a computer.
 */

/**
 * Native on both engines, and all there is to do for most text. Not by a range from \x80 on, which would miss
 * characters above one byte.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const NOT_ASCII = /[^\x00-\x7f]/;

/**
 * What stands nowhere in valid text: RFC 3629 section 4 turned around, so that native matchers do the work.
 * By `charCodeAt` 64 KiB of Cyrillic take Espruino 5 s, so 0.5 s. No range crosses \x80, since Espruino's
 * escapes are signed on some processors, and no alternatives, for each of which its matcher calls itself once
 * more.
 */
const NEVER = [
  // A byte that no character has, or no byte at all.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  /[^\x00-\x7f\x80-\xbf\xc2-\xf4]/,
  // A continuation too many, after characters of one to four bytes.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  /[\x00-\x7f][\x80-\xbf]/,
  /[\xc2-\xdf][^\n][\x80-\xbf]/,
  /[\xe0-\xef][^\n][^\n][\x80-\xbf]/,
  /[\xf0-\xf4][^\n][^\n][^\n][\x80-\xbf]/,
  // One too few. What `[^\n]` does not match is found by the line before. (`.` is all characters to
  // Espruino.)
  /[\xc2-\xf4][^\x80-\xbf]/,
  /[\xe0-\xf4][^\n][^\x80-\xbf]/,
  /[\xf0-\xf4][^\n][^\n][^\x80-\xbf]/,
  // Forms that are too long, surrogates, and what is above U+10FFFF.
  /\xe0[\x80-\x9f]/,
  /\xed[\xa0-\xbf]/,
  /\xf0[\x80-\x8f]/,
  /\xf4[\x90-\xbf]/,
];

/** The end of valid text in the middle of a character. */
const UNFINISHED = [/[\xc2-\xf4]$/, /[\xe0-\xf4][^\n]$/, /[\xf0-\xf4][^\n][^\n]$/];

/**
 * How far before a byte lies what decides whether it may stand there: a character, and a continuation too
 * many.
 */
const CONTEXT_BYTES = 4;

/** Bytes are looked at in blocks: a copy of 64 KiB would be a third of a board's memory. */
const BLOCK_BYTES = 1024;

/**
 * `valid` is false from the first byte on that no valid text can contain at its place, however the text was
 * cut.
 */
export class Utf8Validator {
  valid: boolean = true;
  /**
   * What came last, CONTEXT_BYTES of it; before the first byte something after which any character may come.
   */
  private context: string = ' ';

  /** Takes the next bytes and returns `valid`. */
  push(bytes: string): boolean {
    for (let at = 0; at < bytes.length && this.valid; at += BLOCK_BYTES) {
      const block = this.context + bytes.substring(at, at + BLOCK_BYTES);
      this.valid = !NOT_ASCII.test(block) || !matchesAny(NEVER, block);
      this.context = block.substring(block.length - CONTEXT_BYTES);
    }
    return this.valid;
  }

  /** Whether everything so far is valid and ends with a whole character. */
  complete(): boolean {
    return this.valid && !matchesAny(UNFINISHED, this.context);
  }
}

function matchesAny(patterns: RegExp[], text: string): boolean {
  for (let i = 0; i < patterns.length; i++) if (patterns[i].test(text)) return true;
  return false;
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

/**
 * Bytes to text, or null when they are not UTF-8. Not for a board: the text may hold characters that Espruino
 * does not have.
 */
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
