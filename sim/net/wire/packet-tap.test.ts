/** What a listener to a link's packets is told, at both ends, and that it changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { Hop } from '../link/hop.ts';
import { Link } from '../link/link.ts';
import { DEFAULT_LINK, type LinkSettings } from '../link/settings.ts';
import { makePacket } from '../testing/packets.ts';
import type { Medium } from '../wifi/medium.ts';
import type { Packet, Way } from './packet.ts';
import type { LossReason, PacketTap } from './packet-tap.ts';

type Told = [what: string, way: Way, number: number, atUs: number];

function makeLink(settings: Partial<LinkSettings> = {}, medium: Medium | null = null) {
  const kernel = new Kernel();
  const station = { joined: true };
  const streams = new RandomStreams(1);
  const told: Told[] = [];
  const arrived = (packet: Packet) => void told.push(['taken', 'up', packet.seq, kernel.nowUs]);
  const link = new Link(
    { ...DEFAULT_LINK, latencyMs: 10, jitterMs: 0, rateBps: 1e10, ...settings },
    {
      kernel,
      board: 0,
      station,
      medium,
      random: (purpose) => streams.stream(purpose),
      deliverUp: arrived,
      deliverDown: () => {},
      onForgotten: () => {},
    },
  );
  return { kernel, station, link, told };
}

function recorder(told: Told[], name = ''): PacketTap {
  return {
    sent: (packet, way, atUs) => told.push([`${name}sent`, way, packet.seq, atUs]),
    lost: (packet, way, atUs, why) => told.push([`${name}${why}`, way, packet.seq, atUs]),
    delivered: (packet, way, atUs) => told.push([`${name}delivered`, way, packet.seq, atUs]),
  };
}

/** Loses each packet a millisecond after it was sent. */
const lossyAir = (kernel: () => Kernel): Medium => {
  const hop: Hop = {
    send: (packet, next) => {
      const onEvent = () => next.lose?.(packet, 'hop.air');
      kernel().schedule(kernel().nowUs + 1_000, { onEvent }, null);
    },
  };
  return { join: () => hop };
};

describe('a tap', () => {
  it('is told of a packet when it leaves and when it is there, before it is taken, each way', async () => {
    const { kernel, link, told } = makeLink();
    link.addTap(recorder(told));
    link.sendUp(makePacket(1));
    link.sendDown(makePacket(2));
    await kernel.run(usFromMs(100));
    expect(told.map(([what, way, number, atUs]) => [what, way, number, Math.floor(atUs / 1000)])).toEqual([
      ['sent', 'up', 1, 0],
      ['sent', 'down', 2, 0],
      ['delivered', 'up', 1, 10],
      ['taken', 'up', 1, 10],
      ['delivered', 'down', 2, 10],
    ]);
  });

  it('learns why a packet never arrives: the cut that has lasted longest, a station that is not there, the rule that lost it', () => {
    const { link, station, told } = makeLink({ lossRate: 1 - 1e-9 });
    link.addTap(recorder(told));
    const reason = (): string => {
      told.length = 0;
      link.sendUp(makePacket(1));
      return told.map(([what]) => what).join(' ');
    };
    link.setCut('ap', true);
    link.setCut('blackhole', true);
    expect(reason()).toBe('sent ap');
    link.setCut('ap', false);
    expect(reason()).toBe('sent blackhole');
    link.setCut('blackhole', false);
    station.joined = false;
    expect(reason()).toBe('sent not_joined');
    station.joined = true;
    expect(reason()).toBe('sent rule.loss');
    link.change({ lossRate: 0, rateBps: 1_000 });
    for (let number = 0; number < 100; number++) link.sendDown(makePacket(number, 1_500));
    link.sendDown(makePacket(101, 1_500));
    expect(told.at(-1)).toEqual(['rule.bandwidth', 'down', 101, 0]);
  });

  it('is told by a hop that a packet is lost, when the hop knows', async () => {
    const made = makeLink(
      {},
      lossyAir(() => made.kernel),
    );
    made.link.addTap(recorder(made.told));
    made.link.sendUp(makePacket(1));
    await made.kernel.run(usFromMs(100));
    expect(made.told).toEqual([
      ['sent', 'up', 1, 0],
      ['hop.air', 'up', 1, 1_000],
    ]);
  });

  it('hears what another hears, in the order in which they came, and need not hear everything', async () => {
    const { kernel, link, told } = makeLink();
    link.addTap({ sent: () => {} });
    link.addTap(recorder(told, 'a '));
    link.addTap(recorder(told, 'b '));
    link.sendUp(makePacket(1));
    link.setCut('ap', true);
    link.sendUp(makePacket(2));
    await kernel.run(usFromMs(100));
    expect(told.map(([what]) => what)).toEqual([
      'a sent',
      'b sent',
      'a sent',
      'b sent',
      'a ap',
      'b ap',
      'a delivered',
      'b delivered',
      'taken',
    ]);
  });

  it('accounts for every packet once, whatever the link, and changes nothing of what arrives', async () => {
    const weather = fc.record({ lossRate: fc.constantFrom(0, 0.3), burst: fc.constantFrom(1, 3), jitterMs: fc.constantFrom(0, 5) });
    await fc.assert(
      fc.asyncProperty(weather, fc.array(fc.nat(3_000), { maxLength: 60 }), async (settings, gapsUs) => {
        const play = async (tap: PacketTap | null) => {
          const { kernel, link, told } = makeLink(settings);
          if (tap !== null) link.addTap(tap);
          for (const [number, gapUs] of gapsUs.entries()) {
            await kernel.run(kernel.nowUs + gapUs);
            link.sendUp(makePacket(number));
          }
          await kernel.run(kernel.nowUs + usFromMs(1_000));
          return told;
        };
        const heard: Told[] = [];
        const taken = await play(recorder(heard));
        expect(taken).toEqual(await play(null));
        const named = (...names: (LossReason | 'sent' | 'delivered')[]) =>
          heard.filter(([what]) => names.includes(what as LossReason)).map(([, , number]) => number);
        expect(named('sent')).toEqual(gapsUs.map((_, number) => number));
        expect(named('delivered')).toEqual(taken.map(([, , number]) => number));
        expect([...named('delivered'), ...named('rule.loss')].sort((a, b) => a - b)).toEqual(named('sent'));
      }),
      { numRuns: 30 },
    );
  });
});
