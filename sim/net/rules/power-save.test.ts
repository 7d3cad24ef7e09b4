import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DROP } from '../link/rule.ts';
import { makePacket } from '../testing/packets.ts';
import { AWAKE_US, BEACON_US, HELD_PACKETS, PowerSave } from './power-save.ts';

const PACKET = makePacket(0);
let station: PowerSave;
beforeEach(() => {
  station = new PowerSave(0);
});
const up = (nowUs: number) => station.up.judge(PACKET, nowUs);
const down = (nowUs: number) => station.down.judge(PACKET, nowUs);

describe('a station in power save', () => {
  it('gets a packet at the next beacon', () => {
    expect(down(30_000)).toBe(BEACON_US - 30_000);
    expect(down(5 * BEACON_US + 60_000)).toBe(BEACON_US - 60_000);
  });

  it('gets it at once when it arrives with the beacon', () => {
    expect(down(3 * BEACON_US)).toBe(0);
  });

  it('wakes only for beacons that are a DTIM', () => {
    station.setBeacons(3);
    expect(down(30_000)).toBe(3 * BEACON_US - 30_000);
  });

  it('has beacons with a phase of their own', () => {
    station = new PowerSave(0.5);
    expect(down(0)).toBe(BEACON_US / 2);
  });

  it('is awake for a while after it has sent', () => {
    expect(up(30_000)).toBe(0);
    expect(down(30_000 + AWAKE_US - 1)).toBe(0);
    station = new PowerSave(0);
    up(30_000);
    expect(down(30_000 + AWAKE_US)).toBe(BEACON_US - 30_000 - AWAKE_US);
  });

  it('stays awake as long as frames come', () => {
    up(0);
    for (let nowUs = AWAKE_US - 1; nowUs < 20 * AWAKE_US; nowUs += AWAKE_US - 1) expect(down(nowUs)).toBe(0);
  });

  it('is awake after the beacon that brought it something', () => {
    down(30_000);
    expect(down(BEACON_US + AWAKE_US - 1)).toBe(0);
    expect(down(BEACON_US + 2 * AWAKE_US)).toBeGreaterThan(0);
  });

  it('gets all that was held at the same beacon', () => {
    expect([10_000, 20_000, 90_000].map((atUs) => atUs + down(atUs))).toEqual([BEACON_US, BEACON_US, BEACON_US]);
  });

  it('loses what is more than the access point holds, until the beacon', () => {
    for (let packet = 0; packet < HELD_PACKETS; packet++) expect(down(10_000)).not.toBe(DROP);
    expect(down(10_000)).toBe(DROP);
    expect(down(BEACON_US)).toBe(0);
    expect(down(BEACON_US + 2 * AWAKE_US)).not.toBe(DROP);
  });

  it('never waits longer than from DTIM to DTIM, nor overtakes, nor has more held than the bound, whatever it sends and gets', () => {
    const frames = fc.array(fc.record({ gapUs: fc.integer({ min: 0, max: 60_000 }), sends: fc.boolean() }), { maxLength: 300 });
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 10 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (all, dtim, phase) => {
        station = new PowerSave(phase);
        station.setBeacons(dtim);
        let nowUs = 0;
        const deliveries: number[] = [];
        for (const { gapUs, sends } of all) {
          nowUs += gapUs;
          if (sends) up(nowUs);
          const waitUs = sends ? 0 : down(nowUs);
          expect(waitUs).toBeLessThanOrEqual(dtim * BEACON_US + 1);
          if (!sends && waitUs !== DROP) deliveries.push(nowUs + waitUs);
          expect(deliveries.filter((atUs) => atUs > nowUs).length).toBeLessThanOrEqual(HELD_PACKETS);
        }
        expect(deliveries).toEqual([...deliveries].sort((a, b) => a - b));
      }),
    );
  });
});
