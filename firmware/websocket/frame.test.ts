import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientFrames, serverFrame } from '../testing/server-side.ts';
import { encodeFrame, FrameParser } from './frame.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array).toString('latin1'));
const LIMIT = 1 << 20;

/** Feeds `pieces` and returns every frame, then what went wrong. */
function parse(pieces: string[], maxPayloadBytes = LIMIT): { frames: [boolean, number, string][]; closeCode: number } {
  const parser = new FrameParser(maxPayloadBytes);
  const frames: [boolean, number, string][] = [];
  for (const piece of pieces) {
    parser.push(piece);
    for (let result = parser.read(); result !== 'more'; result = parser.read()) {
      if (result === 'bad') return { frames, closeCode: parser.closeCode };
      if (result === 'done') frames.push([parser.fin, parser.opcode, parser.payload]);
    }
  }
  return { frames, closeCode: 0 };
}

describe('encodeFrame', () => {
  it('writes a frame that unmasks to what went in, whatever the length and the key', () => {
    const lengths = fc.oneof(
      bytes(300),
      fc.constantFrom(125, 126, 127, 256, 257, 511, 512, 65535, 65536, 65539).map((n) => 'é\u0000'.repeat(n).slice(0, n)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 8, 9, 10),
        lengths,
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.boolean(),
        (opcode, payload, key, fin) => {
          const [frame, ...more] = clientFrames(encodeFrame(opcode, payload, key, fin));
          const keyBytes = String.fromCharCode(key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255);
          expect(frame).toEqual({ fin, opcode, key: keyBytes, payload });
          expect(more).toEqual([]);
        },
      ),
    );
  });

  it.each([
    [0, 6],
    [125, 131],
    [126, 134],
    [65535, 65543],
    [65536, 65550],
  ])('takes the shortest length form for %i bytes', (length, frameBytes) => {
    expect(encodeFrame(2, 'x'.repeat(length), 0x01020304)).toHaveLength(frameBytes);
  });
});

describe('FrameParser', () => {
  it('gives the same frames at every split', () => {
    const frame = fc.tuple(fc.boolean(), fc.constantFrom(0, 1, 2), fc.oneof(bytes(12), bytes(200)));
    const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), cuts, (frames, at) => {
        const wire = frames.map(([fin, opcode, payload]) => serverFrame(opcode, payload, fin)).join('');
        const edges = [0, ...at.map((cut) => Math.min(cut, wire.length)).sort((a, b) => a - b), wire.length];
        const pieces = edges.slice(1).map((edge, i) => wire.slice(edges[i], edge));
        expect(parse(pieces.filter((piece) => piece !== ''))).toEqual({ frames, closeCode: 0 });
        expect(parse([...wire])).toEqual({ frames, closeCode: 0 });
      }),
    );
  });

  it('takes one read for a header, one for an extended length, one for a payload, none for an empty payload', () => {
    const parser = new FrameParser(LIMIT);
    parser.push(serverFrame(2, 'x'.repeat(200)) + serverFrame(9, ''));
    expect([1, 2, 3, 4, 5].map(() => parser.read())).toEqual(['part', 'part', 'done', 'done', 'more']);
    expect(parser.opcode).toBe(9);
  });

  it('shows the bytes of a data frame as they arrive, and of no other', () => {
    const parser = new FrameParser(LIMIT);
    const feed = (piece: string) => {
      parser.push(piece);
      while (parser.read() !== 'more');
      return parser.arrived;
    };
    const [text, ping] = [serverFrame(1, 'abcdef'), serverFrame(9, 'abcdef')];
    expect([text.slice(0, 4), text.slice(4, 7), text.slice(7) + ping.slice(0, 4), ping.slice(4)].map(feed)).toEqual(['ab', 'cde', '', '']);
    expect(parser.payload).toBe('abcdef');
  });

  it.each([
    ['a reserved bit', '\xc1\x00', 1002],
    ['all reserved bits', '\xf1\x00', 1002],
    ['opcode 3', '\x83\x00', 1002],
    ['opcode 7', '\x87\x00', 1002],
    ['opcode 11', '\x8b\x00', 1002],
    ['opcode 15', '\x8f\x00', 1002],
    ['a masked server frame', '\x81\x81', 1002],
    ['a fragmented ping', '\x09\x00', 1002],
    ['a fragmented close', '\x08\x00', 1002],
    ['a control frame of 126 bytes', '\x89\x7e', 1002],
    ['a control frame with an 8-byte length', '\x88\x7f', 1002],
    ['125 bytes in the 2-byte form', '\x81\x7e\x00\x7d', 1002],
    ['65535 bytes in the 8-byte form', '\x82\x7f\x00\x00\x00\x00\x00\x00\xff\xff', 1002],
    ['a length above 2^63', '\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00', 1002],
    ['one byte too many', '\x82\x7e\x01\x01', 1009],
    ['more than a number can count', '\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff', 1009],
  ])('refuses %s as soon as the header allows', (_what, header, closeCode) => {
    expect(parse([header], 256)).toEqual({ frames: [], closeCode });
    expect(parse([...header], 256)).toEqual({ frames: [], closeCode });
  });

  it('accepts a message of exactly the limit, and a control frame whatever the limit', () => {
    expect(parse([serverFrame(2, 'x'.repeat(256))], 256).frames).toHaveLength(1);
    expect(parse([serverFrame(9, 'x'.repeat(125))], 0).frames).toHaveLength(1);
  });

  it('never keeps more than one frame, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.array(bytes(80), { maxLength: 30 }), (pieces) => {
        const parser = new FrameParser(64);
        for (const piece of pieces) {
          parser.push(piece);
          let result = parser.read();
          while (result !== 'more' && result !== 'bad') result = parser.read();
          if (result === 'bad') return;
          expect(parser.bufferedBytes()).toBeLessThanOrEqual(125);
        }
      }),
    );
  });
});
