import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROP } from '../link/rule.ts';
import { makePacket } from '../testing/packets.ts';
import { Bandwidth, QUEUE_BYTES } from './bandwidth.ts';

/** A link of this rate, and what it says of a packet of so many bytes. */
function makeLink(rateBps: number) {
  const rule = new Bandwidth(rateBps);
  return { rule, judge: (bytes: number, nowUs: number) => rule.judge(makePacket(0, bytes), nowUs) };
}

describe('the link rate', () => {
  it('takes as long as the bits need', () => {
    expect(makeLink(1_000_000).judge(1500, 0)).toBe(12_000);
    expect(makeLink(20_000_000).judge(1500, 0)).toBe(600);
    expect(makeLink(20_000_000).judge(40, 0)).toBe(16);
  });

  it('sends one packet after the other', () => {
    const { judge } = makeLink(1_000_000);
    expect([judge(1500, 0), judge(1500, 0), judge(1500, 5000)]).toEqual([12_000, 24_000, 31_000]);
  });

  it('is idle again once everything was sent', () => {
    const { judge } = makeLink(1_000_000);
    judge(1500, 0);
    expect(judge(1500, 12_000)).toBe(12_000);
    expect(judge(1500, 1_000_000)).toBe(12_000);
  });

  it('drops what finds the queue full, and takes packets again when there is room', () => {
    const { judge } = makeLink(1_000_000);
    const taken = QUEUE_BYTES / 1500;
    for (let packet = 0; packet < taken; packet++) expect(judge(1500, 0)).not.toBe(DROP);
    expect(judge(1500, 0)).toBe(DROP);
    expect(judge(1500, 11_999)).toBe(DROP);
    expect(judge(1500, 12_000)).toBe(12_000 * taken);
  });

  it('keeps its queue when it changes: what waits behind it waits for as many bytes', () => {
    const { rule, judge } = makeLink(1_000_000);
    for (let packet = 0; packet < QUEUE_BYTES / 1500; packet++) judge(1500, 0);
    rule.setRate(2_000_000, 0);
    expect(judge(1500, 0)).toBe(DROP);
    expect(judge(1500, 6_000)).toBe((QUEUE_BYTES / 1500) * 6_000);
    rule.setRate(1_000_000, 10_000_000);
    expect(judge(1500, 10_000_000)).toBe(12_000);
  });

  it('never lets a packet wait longer than a full queue takes, nor two leave at once', () => {
    const arrivals = fc.array(fc.record({ gapUs: fc.integer({ min: 0, max: 20_000 }), bytes: fc.integer({ min: 40, max: 1500 }) }), {
      maxLength: 500,
    });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 10_000, max: 50_000_000 }), (packets, rateBps) => {
        const { judge } = makeLink(rateBps);
        const usPerByte = 8_000_000 / rateBps;
        let nowUs = 0;
        let lastUs = 0;
        for (const { gapUs, bytes } of packets) {
          nowUs += gapUs;
          const delayUs = judge(bytes, nowUs);
          if (delayUs === DROP) continue;
          expect(delayUs).toBeLessThanOrEqual(QUEUE_BYTES * usPerByte * 1.000001);
          expect(nowUs + delayUs - lastUs).toBeGreaterThanOrEqual(bytes * usPerByte * 0.999999);
          lastUs = nowUs + delayUs;
        }
      }),
    );
  });
});
