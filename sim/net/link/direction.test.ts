/** A way of rules and hops: what a hop may do that a rule cannot, and what the rules around it keep. */
import { expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { Trace } from '../../kernel/trace.ts';
import { makePacket } from '../testing/packets.ts';
import type { Packet } from '../wire/packet.ts';
import { TraceTap } from '../wire/trace-tap.ts';
import { Direction, type Part } from './direction.ts';
import type { Hop } from './hop.ts';
import type { Rule } from './rule.ts';

const MS = 1_000;

function makeWay(partsOf: (kernel: Kernel) => Part[]) {
  const kernel = new Kernel();
  const arrivals: [number: number, atUs: number][] = [];
  const lines: { delay_us: number }[] = [];
  const trace = new Trace('packet', (line) => lines.push(JSON.parse(line)));
  const way = new Direction(kernel, 'up', (packet) => arrivals.push([packet.seq, kernel.nowUs]));
  way.tap = new TraceTap(trace, 0);
  way.setParts(partsOf(kernel));
  return { kernel, way, arrivals, lines };
}

const delay = (us: number): Rule => ({ judge: () => us });
/** Later packets have less to wait. */
const hurry = (fromUs: number): Rule => {
  let us = fromUs;
  return { judge: () => (us -= MS) };
};
const twice = (kernel: Kernel): Hop => ({
  send: (packet, next) => {
    for (const us of [MS, 2 * MS]) kernel.schedule(kernel.nowUs + us, next, packet);
  },
});
/** Every other packet is a millisecond late. */
const reorder = (kernel: Kernel): Hop => ({
  send: (packet, next) => kernel.schedule(kernel.nowUs + (packet.seq % 2) * MS, next, packet),
});
const swallow: Hop = { send: () => {} };

it('meets hops and rules in their order, each at the time when the packet gets there', async () => {
  const seen: number[] = [];
  const look: Rule = {
    judge: (_packet: Packet, nowUs: number) => {
      seen.push(nowUs);
      return 10 * MS;
    },
  };
  const { kernel, way, arrivals } = makeWay((on) => [delay(5 * MS), reorder(on), look, delay(MS)]);
  way.send(makePacket(1), null);
  await kernel.run(100 * MS);
  expect(seen).toEqual([6 * MS]);
  expect(arrivals).toEqual([[1, 17 * MS]]);
});

it('lets a hop duplicate, reorder and lose packets, which the rules behind it do not undo', async () => {
  const both = makeWay((on) => [twice(on), delay(MS)]);
  both.way.send(makePacket(1), null);
  await both.kernel.run(100 * MS);
  expect(both.arrivals).toEqual([
    [1, 2 * MS],
    [1, 3 * MS],
  ]);
  const mixed = makeWay((on) => [delay(MS), reorder(on), delay(MS)]);
  for (const number of [1, 2]) mixed.way.send(makePacket(number), null);
  await mixed.kernel.run(100 * MS);
  expect(mixed.arrivals.map(([number]) => number)).toEqual([2, 1]);
  const none = makeWay(() => [swallow, delay(MS)]);
  none.way.send(makePacket(1), null);
  await none.kernel.run(100 * MS);
  expect(none.arrivals).toEqual([]);
});

it('keeps the order of what leaves each chain of rules, also when the parts change meanwhile', async () => {
  const { kernel, way, arrivals } = makeWay((on) => [hurry(5 * MS), twice(on), hurry(9 * MS)]);
  way.send(makePacket(1), null);
  way.setParts([hurry(3 * MS)]);
  way.send(makePacket(2), null);
  await kernel.run(100 * MS);
  // The first leaves its first chain at 4 ms, so the second does; its copies are held by the hop and the
  // chain behind.
  expect(arrivals).toEqual([
    [2, 4 * MS],
    [1, 13 * MS],
    [1, 13 * MS],
  ]);
});

it('has each packet in the trace as it is sent, with the delay of the first chain', () => {
  const { way, lines } = makeWay((on) => [delay(MS), reorder(on), delay(MS)]);
  way.send(makePacket(1), null);
  way.send(makePacket(2), 'blackhole');
  expect(lines.map(({ delay_us }) => delay_us)).toEqual([MS, -1]);
});
