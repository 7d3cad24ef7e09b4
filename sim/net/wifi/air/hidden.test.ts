import { describe, expect, it } from 'vitest';
import { AirPath } from './air-path.ts';
import { MCS_7 } from './phy.ts';
import { Air, scripted, slots } from './testing/air.ts';

/** A frame of 1,028 IP bytes at MCS 7, and what its sender is told late; µs. */
const FRAME = 174;
const LATE = 5;
const AIFS = 37;
const SLOT = 9;
const BYTES = 1028;

/** Two stations that do not hear each other, and a third whom both hear. */
function hidden(one = slots(0), other = slots(0), third = slots(0)) {
  const air = new Air();
  const radios = [one, other, third].map((random) => air.radio(random, { tries: 1 }));
  air.medium.hide(radios[0], radios[1]);
  const [a, b, c] = radios.map((radio) => {
    const send = air.sender(radio);
    return (atUs: number, packet: string) => send(atUs, packet, BYTES);
  });
  return { air, radios, a, b, c };
}

describe('stations that do not hear each other', () => {
  it('lose both frames where one begins while the other is on the air', async () => {
    for (const gapUs of [SLOT, 19 * SLOT]) {
      const { air, a, b } = hidden();
      a(AIFS, 'a');
      b(AIFS + gapUs, 'b');
      await air.run();
      expect(air.fates).toEqual([
        ['a', 'retries'],
        ['b', 'retries'],
      ]);
    }
  });

  it('lose neither when the second hears the acknowledgement of the first', async () => {
    const { air, a, b } = hidden();
    a(AIFS, 'a');
    b(AIFS + FRAME + 16, 'b');
    await air.run();
    expect(air.fates).toEqual([
      ['a', AIFS + FRAME + LATE],
      ['b', AIFS + FRAME + 10 + 34 + AIFS + FRAME + LATE], // the air was busy: it drew 0
    ]);
  });

  it('lose the second alone when it begins before that acknowledgement is noticed', async () => {
    const { air, a, b } = hidden();
    a(AIFS, 'a');
    b(AIFS + FRAME + 3, 'b'); // at the next slot boundary, 6 µs after the end of the first
    await air.run();
    expect(air.fates).toEqual([
      ['a', AIFS + FRAME + LATE],
      ['b', 'retries'],
    ]);
  });

  it('are both waited for by one who hears them', async () => {
    const { air, a, b, c } = hidden();
    a(AIFS, 'a');
    b(AIFS + 10 * SLOT, 'b');
    c(AIFS + 5 * SLOT, 'c');
    await air.run();
    expect(air.fates[2]).toEqual(['c', AIFS + 10 * SLOT + FRAME + AIFS + FRAME + LATE]);
  });

  it('do not spoil what is sent to the one who hears only one of them', async () => {
    const { air, radios, b } = hidden();
    const [one] = radios;
    const accessPoint = air.radio(slots(0), { tries: 1 });
    const down = new AirPath(MCS_7, scripted(0), one, air.receiver);
    air.at(AIFS, () => accessPoint.send(down, 'down', BYTES));
    b(AIFS, 'b'); // begins together with the access point, which therefore does not hear it
    await air.run();
    expect(air.fates).toEqual([
      ['down', AIFS + FRAME + LATE],
      ['b', 'retries'],
    ]);
  });

  it('take no more of a time than there is', async () => {
    const { air, a, b } = hidden();
    a(AIFS, 'a');
    b(AIFS + 10 * SLOT, 'b');
    await air.run();
    expect(air.medium.busyUs).toBe(10 * SLOT + FRAME);
  });

  it('hear each other again, and others not, on another channel only when they are hidden there', async () => {
    const { air, radios } = hidden();
    const elsewhere = new Air();
    radios[0].tune(elsewhere.medium);
    expect(radios[0].carrier.hiddenFrom?.has(radios[1])).toBe(true);
    radios[0].tune(air.medium);
    expect(radios[2].carrier.hiddenFrom).toBeNull();
  });
});
