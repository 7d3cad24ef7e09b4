import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { RandomStreams } from '../kernel/random.ts';
import { Trace } from '../kernel/trace.ts';
import { Link } from './link.ts';
import type { LinkSettings } from './link-settings.ts';
import { makePacket } from './testing/packets.ts';

/** No delay worth mentioning, no loss. */
const CLEAR: LinkSettings = { latencyMs: 0, jitterMs: 0, lossRate: 0, burst: 1, rateBps: 1e10, powerSave: 'none', dtim: 1 };

interface Arrival {
  atUs: number;
  number: number;
}

function makeLink(settings: Partial<LinkSettings> = {}, seed = 1) {
  const kernel = new Kernel();
  const streams = new RandomStreams(seed);
  const up: Arrival[] = [];
  const down: Arrival[] = [];
  const forgotten: Arrival[] = [];
  const lines: { event: string; up: number; delay_us: number }[] = [];
  const link = new Link(
    { ...CLEAR, ...settings },
    {
      kernel,
      trace: new Trace('packet', (line) => lines.push(JSON.parse(line))),
      board: 0,
      random: (purpose) => streams.stream(purpose),
      deliverUp: (packet) => up.push({ atUs: kernel.nowUs, number: packet.seq }),
      deliverDown: (packet) => down.push({ atUs: kernel.nowUs, number: packet.seq }),
      onForgotten: (flow) => forgotten.push({ atUs: kernel.nowUs, number: flow }),
    },
  );
  return { kernel, link, up, down, forgotten, lines };
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
});
