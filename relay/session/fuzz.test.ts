import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Receiver } from 'ws';
import { MemoryBound } from '../admission/memory-bound.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { maskedFrame } from '../testing/test-client.ts';
import { createTestRelay, upgradeRequest } from '../testing/test-relay.ts';
import { settle } from '../testing/virtual-clock.ts';
import { FrameReader, type Reader } from './frame-reader.ts';
import { maxPieces } from './limits.ts';

const frame = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.uint8Array({ maxLength: 140 }), fc.boolean())
  .map(([opcode, payload, fin]) => maskedFrame(opcode, payload, fin));
const chunk = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  frame,
);

describe('whatever a client sends', () => {
  it.each([
    ['before the handshake', Buffer.alloc(0)],
    ['after it', upgradeRequest('/fuzz')],
  ])('%s, the relay goes on, others lose nothing, and nothing is left behind', async (_when, start) => {
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (chunks) => {
        const { relay, clock, connect, dial } = createTestRelay({ pingIntervalMs: 0 });
        const [one, two] = [await connect('/one'), await connect('/two')];
        const fuzz = dial();
        for (const bytes of [start, ...chunks]) if (bytes.length > 0 && !fuzz.connection.destroyed) await fuzz.sendBytes(bytes);
        await one.send('still here');
        expect(two.texts.at(-1)).toBe('Mes from one: still here');

        fuzz.connection.destroy();
        await clock.advance(0);
        expect(relay.clients).toBe(2);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('a stream of frames means the same however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat({ max: 60 }), { maxLength: 20 }), async (frames, cuts) => {
        const whole = createTestRelay({ pingIntervalMs: 0 });
        const cut = createTestRelay({ pingIntervalMs: 0 });
        const bytes = Buffer.concat(frames);
        // A copy, as the reader unmasks in place.
        await (await whole.connect('/one')).sendBytes(Buffer.from(bytes));
        const client = await cut.connect('/one');
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const length = (cuts[i % Math.max(1, cuts.length)] ?? 7) + 1;
          await client.sendBytes(bytes.subarray(at, at + length));
          at += length;
        }
        expect(cut.events).toEqual(whole.events);
      }),
      { numRuns: 100 },
    );
  });

  it('means to the relay what it means to ws, however it is cut', async () => {
    const fragment = fc
      .tuple(fc.integer({ min: 0, max: 2 }), fc.uint8Array({ maxLength: 40 }), fc.boolean())
      .map(([opcode, payload, fin]) => maskedFrame(opcode, payload, fin));
    const bytes = fc.array(fc.oneof(fragment, fragment, frame, chunk), { maxLength: 10 }).map((all) => Buffer.concat(all));
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 20 }), async (sent, cuts) => {
        const expected = await heardByWs(Buffer.from(sent));
        const connection = new MemoryConnection();
        const heard: string[] = [];
        new FrameReader(connection, listener(heard), {
          config: { maxPayloadBytes: MAX_PAYLOAD_BYTES },
          budget: null,
          memory: new MemoryBound(1e9),
        });
        for (let at = 0, i = 0; at < sent.length; i++) {
          const end = at + cuts[i % cuts.length] + 1;
          connection.push(sent.subarray(at, end));
          at = end;
        }
        await settle();
        expect(heard).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

const MAX_PAYLOAD_BYTES = 100;

function listener(heard: string[]): Reader {
  return {
    messageOnRead: (payload, binary) => heard.push(`${binary ? 'binary' : 'text'} ${payload.toString('hex')}`),
    pingOnRead: (payload) => heard.push(`ping ${payload.toString('hex')}`),
    pongOnRead: (payload) => heard.push(`pong ${payload.toString('hex')}`),
    peerOnClose: (code) => heard.push(`close ${code}`),
    peerOnViolation: (code) => heard.push(`violation ${code}`),
    peerOnEnd: () => heard.push('end'),
    readingOnPause: () => heard.push('pause'),
  };
}

async function heardByWs(bytes: Buffer): Promise<string[]> {
  const heard: string[] = [];
  const reader = listener(heard);
  const pieces = maxPieces(MAX_PAYLOAD_BYTES);
  const receiver = new Receiver({ isServer: true, maxPayload: MAX_PAYLOAD_BYTES, maxFragments: pieces, maxBufferedChunks: pieces });
  receiver
    .on('message', reader.messageOnRead)
    .on('ping', reader.pingOnRead)
    .on('pong', reader.pongOnRead)
    .on('conclude', reader.peerOnClose);
  receiver.on('error', (error: NodeJS.ErrnoException) => heard.push(`violation ${WS_CODES[error.code ?? ''] ?? 1002}`));
  receiver.write(bytes);
  await settle();
  return heard;
}

const WS_CODES: Record<string, number> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};
