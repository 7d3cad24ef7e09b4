/** A path with a smaller MTU: what passes, who is told, and what it does to a channel. */
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { Link } from '../link/link.ts';
import { DEFAULT_LINK, describeLink } from '../link/settings.ts';
import { TcpMachine } from '../tcp/host.ts';
import { LWIP, RELAY_TCP } from '../tcp/parameters.ts';
import { End } from '../tcp/testing/pair.ts';
import { flowOf } from '../wire/flow.ts';

const LARGE = 'x'.repeat(4_000);
const SMALL = 'small';

/** A board and the relay on a link with that MTU. */
async function connected(mtuIcmp: boolean | undefined, mtuBytes = 1_400) {
  const kernel = new Kernel();
  const streams = new RandomStreams(1);
  const counters = { segments: 0, retransmits: 0 };
  const board = new TcpMachine(kernel, LWIP, 0, counters, (packet) => link.sendUp(packet));
  const sizes: number[] = [];
  const relay = new TcpMachine(kernel, RELAY_TCP, 0, counters, (packet) => {
    sizes.push(packet.wireBytes);
    link.sendDown(packet);
  });
  const link: Link = new Link(
    { ...DEFAULT_LINK, mtuBytes, ...(mtuIcmp === undefined ? {} : { mtuIcmp }) },
    {
      kernel,
      board: 0,
      station: { joined: true },
      medium: null,
      random: (purpose) => streams.stream(purpose),
      deliverUp: (packet) => relay.receive(packet),
      deliverDown: (packet) => board.receive(packet),
      onForgotten: () => {},
    },
  );
  let connections = 0;
  const dial = async () => {
    const [boardEnd, relayEnd] = [new End(), new End()];
    relay.listen((endpoint) => {
      relayEnd.endpoint = endpoint;
      return relayEnd;
    });
    boardEnd.endpoint = board.connect(flowOf(0, ++connections), boardEnd);
    await run(1_000);
    return { boardEnd, relayEnd };
  };
  const run = (ms: number) => kernel.run(kernel.nowUs + ms * 1_000);
  return { ...(await dial()), dial, run, link, sizes, counters };
}

describe('a path-MTU black hole', () => {
  it('carries small messages, and nothing any more after a large one from the relay', async () => {
    const { boardEnd, relayEnd, run } = await connected(false);
    relayEnd.endpoint!.write(SMALL);
    await run(1_000);
    expect(boardEnd.received).toBe(SMALL);
    relayEnd.endpoint!.write(LARGE);
    await run(60_000);
    relayEnd.endpoint!.write(SMALL);
    await run(600_000);
    expect(boardEnd.received).toBe(SMALL);
    expect(relayEnd.closed).toBeNull();
    await run(600_000);
    expect(relayEnd.closed).toBe('timeout'); // tcp_retries2
  });

  it('is none on the way up, since routers may fragment what lwIP sends', async () => {
    const { boardEnd, relayEnd, run } = await connected(false);
    boardEnd.endpoint!.write(LARGE);
    await run(5_000);
    expect(relayEnd.received).toBe(LARGE);
  });
});

describe('a path whose routers tell', () => {
  it.each([undefined, true])('makes the relay send smaller segments within a round trip (mtu_icmp: %s)', async (told) => {
    const { boardEnd, relayEnd, run, sizes, counters } = await connected(told);
    sizes.length = 0;
    relayEnd.endpoint!.write(LARGE);
    await run(300);
    expect(boardEnd.received).toBe(LARGE);
    expect(sizes.filter((bytes) => bytes > 1_400).length).toBeGreaterThan(0);
    expect(Math.max(...sizes.slice(sizes.findLastIndex((bytes) => bytes > 1_400) + 1))).toBe(1_400);
    expect(counters.retransmits).toBeGreaterThan(0);
  });

  it('is remembered for the next connection of that board, for ten minutes', async () => {
    const { relayEnd, dial, run, sizes } = await connected(true);
    relayEnd.endpoint!.write(LARGE);
    await run(300);
    const largest = async () => {
      const next = await dial();
      sizes.length = 0;
      next.relayEnd.endpoint!.write(LARGE);
      await run(500);
      expect(next.boardEnd.received).toBe(LARGE);
      return Math.max(...sizes);
    };
    expect(await largest()).toBe(1_400);
    await run(600_000);
    expect(await largest()).toBe(1_480);
  });

  it('is said in words', () => {
    expect(describeLink({ ...DEFAULT_LINK, mtuBytes: 1_400, mtuIcmp: false })).toContain(
      'drops packets of more than 1400 bytes that must not be fragmented and says nothing',
    );
  });
});
