import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUtf8, Utf8Validator, utf8Decode, utf8Encode } from './utf8.ts';

const toBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function judge(bytes: string): boolean {
  try {
    decoder.decode(Buffer.from(bytes, 'latin1'));
    return true;
  } catch {
    return false;
  }
}

/** How many bytes of `bytes` pass before the validator objects. */
function accepted(bytes: string): number {
  const validator = new Utf8Validator();
  for (let i = 0; i < bytes.length; i++) if (!validator.push(bytes.charAt(i))) return i;
  return bytes.length;
}

describe('UTF-8', () => {
  it('agrees with the platform on every sequence of one and two bytes', () => {
    for (let a = 0; a < 256; a++) {
      expect(isUtf8(String.fromCharCode(a))).toBe(judge(String.fromCharCode(a)));
      for (let b = 0; b < 256; b++) {
        const pair = String.fromCharCode(a, b);
        if (isUtf8(pair) !== judge(pair)) expect.fail(`bytes ${a} ${b}`);
      }
    }
  });

  it('agrees with the platform on longer ones', () => {
    const interesting = fc.constantFrom(
      0x00,
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xed,
      0xef,
      0xf0,
      0xf1,
      0xf4,
      0xf5,
      0xff,
    );
    fc.assert(
      fc.property(fc.array(interesting, { maxLength: 6 }), (codes) => {
        const bytes = String.fromCharCode(...codes);
        expect(isUtf8(bytes)).toBe(judge(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['an overlong slash', '\xc0\xaf', 0],
    ['an overlong 3-byte form', 'a\xe0\x80\xaf', 2],
    ['a surrogate', '\xed\xa0\x80', 1],
    ['above U+10FFFF', '\xf4\x90\x80\x80', 1],
    ['a lone continuation', 'ab\x80', 2],
    ['a lead byte inside a character', '\xe2\x82\x41', 2],
    ['a character above one byte', 'ab\u0141', 2],
  ])('stops at the first bad byte of %s', (_what, bytes, at) => {
    expect(accepted(bytes)).toBe(at);
    expect(isUtf8(bytes)).toBe(false);
  });

  it('judges pieces like the whole, cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, cut) => {
        const bytes = toBytes(text);
        const validator = new Utf8Validator();
        expect(validator.push(bytes.slice(0, cut)) && validator.push(bytes.slice(cut))).toBe(true);
        expect(validator.complete()).toBe(true);
      }),
    );
  });

  it.each([1019, 1020, 1021, 1022, 1023, 1024, 2047, 2048])(
    'finds bad bytes, and characters, that begin %i bytes into a long text',
    (at) => {
      const before = 'x'.repeat(at);
      const after = 'y'.repeat(300);
      expect(isUtf8(`${before}\xf0\x9f\x98\x80${after}`)).toBe(true);
      expect(isUtf8(`${before}\xf0\x9f\x98${after}`)).toBe(false);
      expect(isUtf8(`${before}\x80${after}`)).toBe(false);
      expect(isUtf8(`${before}\u0141${after}`)).toBe(false);
    },
  );

  it('is not complete in the middle of a character', () => {
    expect(isUtf8('\xe2\x82')).toBe(false);
  });

  it('encodes and decodes as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Encode(text)).toBe(toBytes(text));
        expect(utf8Decode(utf8Encode(text))).toBe(text);
      }),
    );
  });

  it('encodes a lone surrogate as the replacement character, and decodes nothing that is not UTF-8', () => {
    expect(utf8Encode('a\ud800b')).toBe(toBytes('a\ufffdb'));
    expect(utf8Encode('\udc00\ud800')).toBe(toBytes('\ufffd\ufffd'));
    expect(utf8Decode('\xff')).toBeNull();
  });
});
