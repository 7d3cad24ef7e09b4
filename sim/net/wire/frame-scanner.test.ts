import fc from 'fast-check';
import { encodeFrame as encodeMasked } from 'firmware/websocket/frame';
import { encodeClose, encodeFrame, PING, TEXT } from 'relay/session/frame';
import { describe, expect, it } from 'vitest';
import { FrameScanner, type ScannedFrame } from './frame-scanner.ts';

const HEAD = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';

function scan(chunks: Iterable<Buffer>): { heads: string[]; frames: ScannedFrame[] } {
  const heads: string[] = [];
  const frames: ScannedFrame[] = [];
  const scanner = new FrameScanner({ onHead: (head) => heads.push(head), onFrame: (frame) => frames.push(frame) });
  for (const chunk of chunks) scanner.push(chunk);
  return { heads, frames };
}

describe('reading along', () => {
  it('tells of the head and of each frame, however the bytes are cut', () => {
    const frame = fc.oneof(
      fc.record({ masked: fc.constant(false), opcode: fc.constantFrom(1, 2, 9, 10), length: fc.integer({ min: 0, max: 125 }) }),
      fc.record({ masked: fc.boolean(), opcode: fc.constantFrom(1, 2), length: fc.constantFrom(126, 127, 65_535, 65_536, 70_000) }),
      fc.record({ masked: fc.constant(true), opcode: fc.constantFrom(8, 9, 10), length: fc.integer({ min: 2, max: 125 }) }),
    );
    const cuts = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), cuts, (frames, sizes) => {
        const payloads = frames.map(({ length }) => Buffer.alloc(length, 'abcdefg'));
        const encoded = frames.map(({ masked, opcode }, index) =>
          masked
            ? Buffer.from(encodeMasked(opcode, payloads[index].toString('latin1'), 0x12345678), 'latin1')
            : encodeFrame(opcode as 1, payloads[index]),
        );
        const bytes = Buffer.concat([Buffer.from(HEAD), ...encoded]);
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length];
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const told = scan(chunks);
        expect(told.heads).toEqual([HEAD.trimEnd()]);
        expect(told.frames.map(({ opcode, payloadBytes, frameBytes }) => [opcode, payloadBytes, frameBytes])).toEqual(
          frames.map(({ opcode, length }, index) => [opcode, length, encoded[index].length]),
        );
        told.frames.forEach(({ opcode, control }, index) => {
          if (opcode >= 8) expect(control).toEqual(payloads[index]);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('gives close codes and reasons', () => {
    const { frames } = scan([Buffer.from(HEAD), encodeClose(1011, 'keepalive ping timeout')]);
    expect(frames[0].control.readUInt16BE(0)).toBe(1011);
    expect(frames[0].control.toString('utf8', 2)).toBe('keepalive ping timeout');
  });

  it('keeps nothing of a head without end, nor of a long message', () => {
    expect(scan([Buffer.alloc(20_000, 'x'), Buffer.from(HEAD)])).toEqual({ heads: [], frames: [] });
    const { frames } = scan([Buffer.from(HEAD), encodeFrame(TEXT, Buffer.alloc(100_000)), encodeFrame(PING, Buffer.from('now'))]);
    expect(frames.map(({ control }) => control.length)).toEqual([0, 3]);
  });
});
