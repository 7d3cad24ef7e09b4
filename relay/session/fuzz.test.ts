import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedFrame } from '../testing/test-client.ts';
import { createTestRelay, upgradeRequest } from '../testing/test-relay.ts';

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
});
