import { beforeEach, describe, expect, it } from 'vitest';
import { DROP } from '../link/rule.ts';
import { ACK, Packet, RST, SYN } from '../wire/packet.ts';
import { IdleTimeout, KNOWN_FLOWS } from './idle-timeout.ts';

const SECOND_US = 1_000_000;
/** Of the NAT under test. */
const TIMEOUT_S = 60;

let nat: IdleTimeout;
let forgotten: [flow: number, forSeconds: number][];
beforeEach(() => {
  forgotten = [];
  nat = new IdleTimeout(0, (flow, forUs) => forgotten.push([flow, forUs / SECOND_US]));
  nat.setTimeoutUs(TIMEOUT_S * SECOND_US, 0);
});

function passes(atSeconds: number, flow = 1, flags = ACK): boolean {
  const packet = new Packet(flow, flags, 0, 0, 0, '', 0, 0, 0, false, null);
  return nat.judge(packet, atSeconds * SECOND_US) !== DROP;
}

describe('a NAT that forgets idle flows', () => {
  it('lets packets pass as long as the flow is used, and delays none', () => {
    passes(0, 1, SYN);
    for (let at = TIMEOUT_S; at < 1000; at += TIMEOUT_S) expect(passes(at)).toBe(true);
    expect(nat.judge(new Packet(1, ACK, 0, 0, 0, '', 0, 0, 0, false, null), 1000 * SECOND_US)).toBe(0);
    expect(forgotten).toEqual([]);
  });

  it('lets nothing of a flow pass that was idle for longer, and does not remember it again', () => {
    passes(0, 1, SYN);
    expect(passes(70)).toBe(false);
    expect([passes(71), passes(71, 1, RST), passes(500)]).toEqual([false, false, false]);
  });

  it('says once that it has forgotten a flow, and how long ago', () => {
    passes(0, 1, SYN);
    passes(70);
    passes(80);
    expect(forgotten).toEqual([[1, 10]]);
  });

  it('is kept from forgetting by packets of either direction, also by those that are judged ahead of their time', () => {
    passes(0, 1, SYN);
    passes(50.2); // on its way up
    expect([passes(50), passes(110)]).toEqual([true, true]);
  });

  it('knows a flow anew that begins with a SYN', () => {
    passes(0, 1, SYN);
    passes(70);
    expect([passes(71, 2, SYN), passes(72, 2, SYN | ACK), passes(73, 2), passes(73, 1)]).toEqual([true, true, true, false]);
    expect([passes(74, 1, SYN), passes(75)]).toEqual([true, true]);
  });

  it('tells nobody of a flow that it never knew, whose SYN was lost before it, because an RST is sent there', () => {
    nat.setTimeoutUs(Number.POSITIVE_INFINITY, 100 * SECOND_US);
    expect([passes(101, 1, RST), passes(102, 1, SYN), passes(103)]).toEqual([false, true, true]);
    expect(forgotten).toEqual([]);
  });

  it('tells nobody of a handshake that it forgot, which goes on with the next SYN', () => {
    passes(0, 1, SYN);
    expect([passes(70, 1, SYN | ACK), passes(75, 1, SYN), passes(76, 1, SYN | ACK), passes(77, 1)]).toEqual([false, true, true, true]);
    expect(forgotten).toEqual([]);
    expect(passes(140, 1)).toBe(false);
    expect(forgotten).toEqual([[1, 3]]);
    passes(150, 2, SYN);
    expect([passes(220, 2, SYN | ACK), passes(221, 2)]).toEqual([false, false]);
    expect(forgotten).toEqual([
      [1, 3],
      [2, 11],
    ]);
  });

  it('counts flows that were there before it as idle since it came', () => {
    expect([passes(59, 7), passes(61, 8), passes(118, 7)]).toEqual([true, false, true]);
    expect(forgotten).toEqual([[8, 1]]);
  });

  it('does not get back what it forgot when its timeout is lifted, whether or not somebody noticed', () => {
    passes(0, 1, SYN);
    passes(0, 2, SYN);
    passes(50, 3, SYN);
    passes(65, 1);
    nat.setTimeoutUs(Number.POSITIVE_INFINITY, 70 * SECOND_US);
    expect([passes(71, 1), passes(71, 2), passes(71, 3), passes(71, 4)]).toEqual([false, false, true, false]);
    expect(passes(1_000_000, 3)).toBe(true);
  });

  it('takes another timeout for flows that it still knows', () => {
    passes(0, 1, SYN);
    nat.setTimeoutUs(10 * SECOND_US, 5 * SECOND_US);
    expect(passes(11)).toBe(false);
  });

  it('forgets the flow that was idle longest when its table is full', () => {
    for (let flow = 1; flow <= KNOWN_FLOWS; flow++) passes(flow / 1000, flow, SYN);
    passes(1, 1);
    passes(2, KNOWN_FLOWS + 1, SYN);
    expect(forgotten).toEqual([[2, 0]]);
    expect([passes(3, 2), passes(3, 1), passes(3, KNOWN_FLOWS)]).toEqual([false, true, true]);
  });
});
