import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { BINARY, encodeClose, encodeFrame, PING, TEXT } from './frame.ts';

/** ws's own framing is the reference; it returns header and payload apart. */
const { Sender } = ws as unknown as {
  Sender: { frame(data: Buffer, options: { fin: boolean; opcode: number; mask: boolean }): Buffer[] };
};

describe('a frame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('of %d bytes is what ws would write', (length) => {
    const payload = Buffer.alloc(length, 'x');
    expect(encodeFrame(BINARY, payload).equals(Buffer.concat(Sender.frame(payload, { fin: true, opcode: 2, mask: false })))).toBe(true);
  });

  it('has FIN and its opcode in the first byte and no mask', () => {
    expect([...encodeFrame(TEXT, Buffer.from('a'))]).toEqual([0x81, 1, 97]);
    expect([...encodeFrame(PING, Buffer.alloc(0))]).toEqual([0x89, 0]);
  });

  it('of a close carries code and reason', () => {
    expect(encodeClose(1011, 'ab')).toEqual(Buffer.from([0x88, 4, 0x03, 0xf3, 97, 98]));
  });

  it('of a close holds a reason of 123 bytes and no more', () => {
    expect(encodeClose(1000, 'x'.repeat(123))[1]).toBe(125);
    expect(() => encodeClose(1000, 'ż'.repeat(62))).toThrow(RangeError);
  });
});
