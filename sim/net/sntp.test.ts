/**
 * SNTP: what a server writes is what a board reads, to the millisecond, in the places that RFC 4330 gives.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeAnswer, timeOf, timeRequest } from './sntp.ts';

const FLOW = 7;
/** 2036-02-07T06:28:16Z, when NTP's 32 bits of seconds begin again. */
const ERA_END_MS = 2_085_978_496_000;

it('tells every millisecond from 1970 to the end of the era as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: ERA_END_MS - 1 }), (epochMs) => {
      expect(timeOf(timeAnswer(timeRequest(FLOW), epochMs))).toBe(epochMs);
    }),
  );
});

it('answers in 48 bytes on the same flow, with seconds since 1900 in the transmit timestamp', () => {
  const request = timeRequest(FLOW);
  const { flow, data } = timeAnswer(request, Date.UTC(2026, 0, 1) + 500);
  expect([request.data.length, data.length, flow]).toEqual([48, 48, FLOW]);
  const message = Buffer.from(data, 'latin1');
  expect(message.readUInt32BE(40)).toBe((Date.UTC(2026, 0, 1) - Date.UTC(1900, 0, 1)) / 1000);
  expect(message.readUInt32BE(44)).toBe(2 ** 31);
  // Version 4, a client's and a server's mode.
  expect([request.data.charCodeAt(0), message[0]]).toEqual([0o43, 0o44]);
});
