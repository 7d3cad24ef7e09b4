import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedFrame } from '../testing/test-client.ts';
import { FrameCutter, type FrameDecoder } from './frame-cutter.ts';
import { maxPieces } from './limits.ts';

const MAX_PAYLOAD_BYTES = 300;
const [CONTINUATION, TEXT, BINARY, PING] = [0, 1, 2, 9];

function createCutter(maxPayloadBytes = MAX_PAYLOAD_BYTES) {
  const decoded: Buffer[] = [];
  let reads = 0;
  const decoder: FrameDecoder = { decode: (bytes) => void decoded.push(Buffer.from(bytes)), tooManyReads: () => reads++ };
  const cutter = new FrameCutter(decoder, maxPayloadBytes);
  /** All of it, so many frames at a time. */
  const take = (bytes: Buffer, atOnce = Number.POSITIVE_INFINITY) => {
    for (let rest = bytes; rest.length > 0; ) rest = cutter.take(rest, atOnce);
  };
  return { cutter, decoded, take, tooManyReads: () => reads };
}

const whole = (opcode: number, bytes = 1) => maskedFrame(opcode, Buffer.alloc(bytes, 'x'));
const fragment = (opcode: number, bytes = 1) => maskedFrame(opcode, Buffer.alloc(bytes, 'x'), false);

describe('what a client sends', () => {
  it('goes on at once, as many frames together as are asked for', () => {
    const { cutter, decoded } = createCutter();
    const bytes = Buffer.concat([whole(TEXT), whole(PING, 125), whole(BINARY, 200), whole(TEXT, 0)]);
    const rest = cutter.take(bytes, 3);
    expect(decoded).toEqual([bytes.subarray(0, -6)]);
    expect(rest).toEqual(whole(TEXT, 0));
    expect(cutter.heldBytes).toBe(0);
  });

  it('waits until its message is whole, but for control frames in between', () => {
    const { cutter, decoded, take } = createCutter();
    const message = [fragment(TEXT), fragment(CONTINUATION, 0), whole(CONTINUATION)];
    take(Buffer.concat([message[0], whole(PING), message[1].subarray(0, 3)]));
    expect(decoded).toEqual([whole(PING)]);
    take(Buffer.concat([message[1].subarray(3), whole(PING), message[2]]));
    expect(decoded).toEqual([whole(PING), whole(PING), Buffer.concat(message)]);
    expect(cutter.heldBytes).toBe(0);
  });

  it('comes out as it went in, in the order of messages, however it is cut, however many frames are asked for', () => {
    const frames = fc.array(
      fc.oneof(
        fc.constantFrom(whole(TEXT), whole(BINARY, 130), whole(PING, 0), whole(TEXT, 0)),
        // A message in fragments, which hold no control frames here, so that the order stays.
        fc
          .nat({ max: 4 })
          .map((more) => Buffer.concat([fragment(TEXT), ...Array(more).fill(fragment(CONTINUATION, 9)), whole(CONTINUATION)])),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        frames,
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (sent, cuts, atOnce) => {
          const { cutter, decoded, take } = createCutter();
          const bytes = Buffer.concat(sent);
          for (let at = 0, i = 0; at < bytes.length; at += cuts[i++ % cuts.length])
            take(bytes.subarray(at, at + cuts[i % cuts.length]), atOnce);
          expect(Buffer.concat(decoded)).toEqual(bytes);
          expect(cutter.heldBytes).toBe(0);
        },
      ),
    );
  });

  it('goes on with all that was kept as soon as ws would not take it, and so does everything after it', () => {
    const started = fragment(TEXT);
    const cases: [string, Buffer][] = [
      ['unmasked', Buffer.from([0x80, 0x01])],
      ['a reserved bit', Buffer.from([0xc0, 0x81])],
      ['an unknown opcode', Buffer.from([0x83, 0x81])],
      ['a fragmented ping', Buffer.from([0x09, 0x81])],
      ['a ping that is too large', Buffer.from([0x89, 0xfe])],
      ['another message', Buffer.from([0x81, 0x81])],
      ['more than the message may have', Buffer.from([0x00, 0xfe, 0x01, 0x2c])],
      ['more than there is', Buffer.from([0x80, 0xff, 255, 255, 255, 255, 255, 255, 255, 255])],
    ];
    for (const [what, odd] of cases) {
      const { cutter, decoded, take } = createCutter();
      take(started);
      for (const byte of odd) take(Buffer.from([byte]));
      take(whole(PING));
      expect([what, Buffer.concat(decoded)]).toEqual([what, Buffer.concat([started, odd, whole(PING)])]);
      expect(cutter.heldBytes).toBe(0);
    }
    const { decoded, take } = createCutter();
    take(Buffer.from([0x80, 0x81]));
    expect(decoded).toEqual([Buffer.from([0x80, 0x81])]);
  });

  it('has a bound of fragments, and of reads for one frame', () => {
    const most = maxPieces(MAX_PAYLOAD_BYTES);
    const fragments = createCutter();
    fragments.take(Buffer.concat([fragment(TEXT, 0), ...Array(most - 1).fill(fragment(CONTINUATION, 0))]));
    expect(fragments.decoded).toEqual([]);
    fragments.take(fragment(CONTINUATION, 0));
    expect(fragments.decoded).not.toEqual([]);
    const { cutter, take, tooManyReads } = createCutter(5_000);
    const frame = whole(TEXT, 4_000);
    for (let at = 0; at < most; at++) take(frame.subarray(at, at + 1));
    expect(tooManyReads()).toBe(0);
    take(frame.subarray(most, most + 1));
    expect(tooManyReads()).toBe(1);
    cutter.clear();
    expect(cutter.heldBytes).toBe(0);
  });
});

describe('what is unfinished', () => {
  it('takes little more memory than it came in, whatever its pieces are', () => {
    const { cutter, take } = createCutter(65_536);
    take(fragment(TEXT));
    for (let i = 0; i < 1_000; i++) take(fragment(CONTINUATION));
    expect(cutter.heldBytes).toBeGreaterThanOrEqual(1_001 * 7);
    expect(cutter.heldBytes).toBeLessThan(2 * 1_001 * 7 + 1_000);
  });

  it('takes no memory for what is only announced', () => {
    const { cutter, take } = createCutter(2 ** 24);
    take(whole(BINARY, 2 ** 24).subarray(0, 100));
    expect(cutter.heldBytes).toBeLessThan(1_000);
  });
});
