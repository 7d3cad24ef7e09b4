import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { Trace } from '../../kernel/trace.ts';
import { makePacket } from '../testing/packets.ts';
import { TraceTap } from '../wire/trace-tap.ts';
import { Link } from './link.ts';
import { DEFAULT_LINK, type LinkSettings } from './settings.ts';

/** No delay worth mentioning, no loss. */
const CLEAR: LinkSettings = { ...DEFAULT_LINK, latencyMs: 0, jitterMs: 0, rateBps: 1e10 };

interface Arrival {
  atUs: number;
  number: number;
}

function makeLink(settings: Partial<LinkSettings> = {}, seed = 1) {
  const kernel = new Kernel();
  const station = { joined: true };
  const streams = new RandomStreams(seed);
  const up: Arrival[] = [];
  const down: Arrival[] = [];
  const forgotten: Arrival[] = [];
  const lines: { event: string; up: number; delay_us: number }[] = [];
  const link = new Link(
    { ...CLEAR, ...settings },
    {
      kernel,
      board: 0,
      station,
      medium: null,
      random: (purpose) => streams.stream(purpose),
      deliverUp: (packet) => up.push({ atUs: kernel.nowUs, number: packet.seq }),
      deliverDown: (packet) => down.push({ atUs: kernel.nowUs, number: packet.seq }),
      onForgotten: (flow) => forgotten.push({ atUs: kernel.nowUs, number: flow }),
    },
  );
  link.addTap(new TraceTap(new Trace('packet', (line) => lines.push(JSON.parse(line))), 0));
  return { kernel, station, link, up, down, forgotten, lines };
}

const numbersOf = (arrivals: Arrival[]) => arrivals.map(({ number }) => number);

describe('a link', () => {
  it('delivers after latency and transmission, each direction to its own end', async () => {
    const { kernel, link, up, down } = makeLink({ latencyMs: 10, rateBps: 1_000_000 });
    link.sendUp(makePacket(1, 125));
    link.sendDown(makePacket(2, 250));
    await kernel.run(1_000_000);
    expect(up).toEqual([{ atUs: 11_000, number: 1 }]);
    expect(down).toEqual([{ atUs: 12_000, number: 2 }]);
  });

  it('keeps the order of each direction whatever the jitter says', async () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 1, max: 100 }), async (gapsUs, seed) => {
        const { kernel, link, up, down } = makeLink({ latencyMs: 20, jitterMs: 20 }, seed);
        for (const [number, gapUs] of gapsUs.entries()) {
          await kernel.run(kernel.nowUs + gapUs);
          link.sendUp(makePacket(number));
          link.sendDown(makePacket(number));
        }
        await kernel.run(kernel.nowUs + 1_000_000);
        const inOrder = gapsUs.map((_, number) => number);
        expect(numbersOf(up)).toEqual(inOrder);
        expect(numbersOf(down)).toEqual(inOrder);
      }),
      { numRuns: 50 },
    );
  });

  it('loses its share in each direction, with luck of their own', async () => {
    const { kernel, link, up, down } = makeLink({ lossRate: 0.2 });
    const packets = 20_000;
    for (let number = 0; number < packets; number++) {
      link.sendUp(makePacket(number));
      link.sendDown(makePacket(number));
      await kernel.run(kernel.nowUs + 1);
    }
    await kernel.run(kernel.nowUs + 1000);
    expect(up.length / packets).toBeCloseTo(0.8, 1);
    expect(down.length / packets).toBeCloseTo(0.8, 1);
    const arrivedUp = new Set(numbersOf(up));
    const both = numbersOf(down).filter((number) => arrivedUp.has(number));
    expect(both.length / packets).toBeCloseTo(0.64, 1); // 0.8 if they shared their luck
  });

  it('loses in bursts when asked to', async () => {
    const { kernel, link, lines } = makeLink({ lossRate: 0.1, burst: 10 });
    for (let number = 0; number < 20_000; number++) {
      link.sendUp(makePacket(number));
      await kernel.run(kernel.nowUs + 1);
    }
    const text = lines.map((line) => (line.delay_us < 0 ? 'x' : '.')).join('');
    const bursts = text.match(/x+/g) ?? [];
    expect(bursts.join('').length / bursts.length).toBeGreaterThan(7);
  });

  it('lets packets vanish while it is cut, but those on their way arrive', async () => {
    const { kernel, link, up } = makeLink({ latencyMs: 10 });
    link.sendUp(makePacket(1));
    await kernel.run(5_000);
    link.setCut('blackhole', true);
    expect(link.carries).toBe(false);
    link.sendUp(makePacket(2));
    await kernel.run(50_000);
    link.setCut('blackhole', false);
    link.sendUp(makePacket(3));
    await kernel.run(100_000);
    expect(numbersOf(up)).toEqual([1, 3]);
  });

  it('is another on each way when it is told so', async () => {
    const { kernel, link, up, down } = makeLink({ latencyMs: 10, latencyDownMs: 40, lossRate: 1, lossDown: 0, rateUpBps: 1_000_000 });
    link.sendUp(makePacket(1));
    link.sendDown(makePacket(2));
    await kernel.run(100_000);
    expect([up, down]).toEqual([[], [{ atUs: 40_000, number: 2 }]]);
    link.applySettings({ ...link.settings, lossUp: 0, lossDown: 1 });
    link.sendUp(makePacket(3, 125));
    link.sendDown(makePacket(4));
    await kernel.run(200_000);
    expect([up, numbersOf(down)]).toEqual([[{ atUs: 111_000, number: 3 }], [2]]);
    expect(link.lossRate).toBe(1);
  });

  it.each([
    ['blackhole_up', [], [2]],
    ['blackhole_down', [1], []],
  ] as const)('cut by %s carries the other way', async (reason, arrivedUp, arrivedDown) => {
    const { kernel, link, up, down } = makeLink();
    link.setCut(reason, true);
    link.sendUp(makePacket(1));
    link.sendDown(makePacket(2));
    await kernel.run(1_000);
    expect([numbersOf(up), numbersOf(down), link.carries]).toEqual([arrivedUp, arrivedDown, false]);
    link.setCut('blackhole', true);
    link.setCut(reason, false);
    link.sendUp(makePacket(3));
    link.sendDown(makePacket(4));
    link.setCut('blackhole', false);
    await kernel.run(2_000);
    expect([numbersOf(up), numbersOf(down), link.carries]).toEqual([arrivedUp, arrivedDown, true]);
  });

  it('carries nothing before its station has joined, and from then on', async () => {
    const { kernel, station, link, up, down } = makeLink();
    station.joined = false;
    link.sendUp(makePacket(1));
    link.sendDown(makePacket(2));
    station.joined = true;
    link.sendUp(makePacket(3));
    await kernel.run(1_000);
    expect([numbersOf(up), numbersOf(down)]).toEqual([[3], []]);
  });

  it('stays cut until the last reason is gone', () => {
    const { link } = makeLink();
    link.setCut('ap', true);
    link.setCut('blackhole', true);
    link.setCut('blackhole', true);
    link.setCut('ap', false);
    expect([link.carries, link.isCut('ap'), link.isCut('blackhole')]).toEqual([false, false, true]);
    link.setCut('blackhole', false);
    expect(link.carries).toBe(true);
  });

  it('spends no luck on packets that a cut takes', async () => {
    const lossesOf = async (cut: boolean) => {
      const { kernel, link, up } = makeLink({ lossRate: 0.5 });
      if (cut) {
        link.setCut('blackhole', true);
        for (let number = 0; number < 7; number++) link.sendUp(makePacket(1000 + number));
        link.setCut('blackhole', false);
      }
      for (let number = 0; number < 100; number++) link.sendUp(makePacket(number));
      await kernel.run(1_000_000);
      return numbersOf(up);
    };
    expect(await lossesOf(true)).toEqual(await lossesOf(false));
  });

  it('takes new settings for the packets after them', async () => {
    const { kernel, link, up } = makeLink({ latencyMs: 10 });
    link.sendUp(makePacket(1));
    link.applySettings({ ...link.settings, latencyMs: 50 });
    link.sendUp(makePacket(2));
    link.applySettings({ ...link.settings, lossRate: 1 });
    link.sendUp(makePacket(3));
    await kernel.run(1_000_000);
    expect(up).toEqual([
      { atUs: 10_000, number: 1 },
      { atUs: 50_000, number: 2 },
    ]);
    expect(link.settings).toEqual({ ...CLEAR, latencyMs: 50, lossRate: 1 });
  });

  it('writes every packet to the trace, with the delay or that it was lost', async () => {
    const { link, lines } = makeLink({ latencyMs: 10 });
    link.sendUp(makePacket(1));
    link.setCut('ap', true);
    link.sendDown(makePacket(2));
    expect(lines.map(({ event, up, delay_us }) => [event, up, delay_us])).toEqual([
      ['packet', 1, 10_000],
      ['packet', 0, -1],
    ]);
  });

  it('at a weak signal is as slow as the radio, or as its own rate if that is less', async () => {
    const arrivalOf = async (settings: Partial<LinkSettings>) => {
      const { kernel, link, up } = makeLink({ rssiDbm: -80, ...settings }); // MCS 1: 13 of 65 Mbit/s, as 30 of 65 reach the packets
      link.sendUp(makePacket(1, 750));
      await kernel.run(1_000_000);
      return up[0].atUs;
    };
    expect(await arrivalOf({})).toBe(1_000);
    expect(await arrivalOf({ rateBps: 100_000 })).toBe(60_000);
  });

  it('at a very weak signal loses more on the way down than up, and its own losses on top', async () => {
    const lost = async (settings: Partial<LinkSettings>) => {
      const { kernel, link, up, down } = makeLink({ rssiDbm: -94, ...settings });
      const packets = 20_000;
      for (let number = 0; number < packets; number++) {
        link.sendUp(makePacket(number));
        link.sendDown(makePacket(number));
        await kernel.run(kernel.nowUs + 1_000);
      }
      await kernel.run(kernel.nowUs + 10_000_000);
      return { up: 1 - up.length / packets, down: 1 - down.length / packets, expected: link.lossRate };
    };
    const radio = await lost({});
    expect(radio.up).toBeLessThan(0.01);
    expect(radio.down).toBeGreaterThan(0.05);
    expect(radio.down).toBeCloseTo(radio.expected, 2);
    const both = await lost({ lossRate: 0.5 });
    expect(both.up).toBeCloseTo(0.5, 1);
    expect(both.expected).toBeCloseTo(1 - 0.5 * (1 - radio.expected), 10);
    expect(Math.abs(both.down - both.expected)).toBeLessThan(4 * Math.sqrt(0.25 / 20_000));
  });

  it('in power save holds what comes down until a beacon, but not the answer to what the board just sent', async () => {
    const { kernel, link, up, down } = makeLink({ latencyMs: 10, powerSave: 'min_modem' });
    const beaconUs = 102_400;
    for (const number of [1, 2]) link.sendDown(makePacket(number));
    await kernel.run(1_000_000);
    expect(down[0].atUs).toBe(down[1].atUs);
    expect(down[0].atUs).toBeGreaterThanOrEqual(10_000);
    expect(down[0].atUs).toBeLessThanOrEqual(10_000 + beaconUs);
    link.sendUp(makePacket(3));
    link.sendDown(makePacket(4));
    await kernel.run(2_000_000);
    expect([up[0].atUs, down[2].atUs]).toEqual([1_010_000, 1_010_000]);
    link.sendDown(makePacket(5));
    await kernel.run(3_000_000);
    expect((down[3].atUs - down[0].atUs) % beaconUs).toBe(0); // the phase is the link's own
  });

  it('in max_modem holds what comes down until the next beacon of its listen interval, whatever the DTIMs are', async () => {
    const everyUs = 4 * 102_400;
    const { kernel, link, down } = makeLink({ powerSave: 'max_modem', listenInterval: 4, dtim: 7 });
    const sentUs = Array.from({ length: 40 }, (_, number) => number * 137_000);
    for (const [number, atUs] of sentUs.entries()) kernel.schedule(atUs, { onEvent: () => link.sendDown(makePacket(number)) }, null);
    await kernel.run(10_000_000);
    const waitsUs = down.map(({ atUs }, number) => atUs - sentUs[number]);
    expect(numbersOf(down)).toEqual([...sentUs.keys()]);
    for (const { atUs } of down) expect((atUs - down[0].atUs) % everyUs).toBe(0);
    expect(Math.max(...waitsUs)).toBeLessThanOrEqual(everyUs);
    // Some wait for nearly the whole of it, which no DTIM of min_modem and no shorter interval would make.
    expect(Math.max(...waitsUs)).toBeGreaterThan(0.75 * everyUs);
  });

  it('saves power as its board’s firmware says, in place of its settings, until that is taken back', async () => {
    const { kernel, link, down } = makeLink({ powerSave: 'none', listenInterval: 3 });
    const waitUs = async (number: number) => {
      await kernel.run(kernel.nowUs + 10_000_000);
      const fromUs = kernel.nowUs;
      link.sendDown(makePacket(number));
      await kernel.run(kernel.nowUs + 10_000_000);
      return down[number].atUs - fromUs;
    };
    expect(await waitUs(0)).toBe(0);
    link.setPowerSave({ mode: 'max_modem', listenInterval: 50 });
    const waits = [await waitUs(1), await waitUs(2)];
    expect(Math.max(...waits)).toBeGreaterThan(3 * 102_400);
    link.change({ lossRate: 0.000001 });
    expect(await waitUs(3)).toBeGreaterThan(0);
    link.setPowerSave(null);
    expect([await waitUs(4), link.settings.powerSave]).toEqual([0, 'none']);
  });

  it('remembers that the board is awake when its settings change', async () => {
    const { kernel, link, down } = makeLink({ powerSave: 'min_modem' });
    await kernel.run(1_000_000);
    link.sendUp(makePacket(1));
    link.applySettings({ ...link.settings, lossRate: 0.001 });
    link.sendDown(makePacket(2));
    await kernel.run(2_000_000);
    expect(down).toEqual([{ atUs: 1_000_000, number: 2 }]);
  });

  it('forgets an idle flow in both directions, says so, and does not get it back', async () => {
    const { kernel, link, up, down, forgotten } = makeLink({ idleTimeoutMs: 1_000 });
    link.sendUp(makePacket(1));
    await kernel.run(900_000);
    link.sendDown(makePacket(2));
    await kernel.run(2_000_000);
    link.sendDown(makePacket(3));
    link.sendUp(makePacket(4));
    link.applySettings({ ...link.settings, idleTimeoutMs: undefined });
    link.sendUp(makePacket(5));
    await kernel.run(3_000_000);
    expect([numbersOf(up), numbersOf(down)]).toEqual([[1], [2]]);
    expect(forgotten).toEqual([{ atUs: 2_000_000, number: 0 }]);
  });

  it('draws no luck for a radio that is perfect, or so close that it never fails', async () => {
    const lossesAt = async (rssiDbm: number | undefined) => {
      const { kernel, link, up } = makeLink({ lossRate: 0.5, jitterMs: 3, rssiDbm });
      for (let number = 0; number < 100; number++) link.sendUp(makePacket(number));
      await kernel.run(1_000_000);
      return numbersOf(up);
    };
    expect(await lossesAt(-50)).toEqual(await lossesAt(undefined));
  });
});
