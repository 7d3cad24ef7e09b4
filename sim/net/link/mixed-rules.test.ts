/**
 * Any mix of rules, changed on the way: TCP still delivers in order or ends, no packet arrives twice, and
 * none waits longer than full queues explain.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { usFromMs } from '../../kernel/units.ts';
import { QUEUE_BYTES } from '../rules/bandwidth.ts';
import { TcpMachine } from '../tcp/host.ts';
import { LINUX, LWIP } from '../tcp/parameters.ts';
import { End } from '../tcp/testing/pair.ts';
import { makePacket } from '../testing/packets.ts';
import type { Packet } from '../wire/packet.ts';
import { Link } from './link.ts';
import { DEFAULT_LINK, type LinkSettings } from './settings.ts';

/** The weather changes and both sides write until then; from then on it is clear. */
const BUSY_MS = 60_000;
/** Longer than either stack resends. */
const PATIENCE_MS = 2_000_000;
const CLEAR: LinkSettings = { ...DEFAULT_LINK, latencyMs: 5, jitterMs: 0, rateBps: 1e7 };
/**
 * The slowest rate below, and the longest that a packet can wait in everything but the queue: latency,
 * jitter, a DTIM, 32 retries of a long frame.
 */
const SLOWEST_BPS = 20_000;
const LONGEST_WAIT_MS = 300 + 100 + 10 * 102.4 + 1_000;

const changes: fc.Arbitrary<Partial<LinkSettings>> = fc.record(
  {
    latencyMs: fc.integer({ min: 0, max: 300 }),
    jitterMs: fc.integer({ min: 0, max: 100 }),
    lossRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
    burst: fc.integer({ min: 1, max: 8 }),
    rateBps: fc.integer({ min: SLOWEST_BPS, max: 1e7 }),
    rssiDbm: fc.integer({ min: -95, max: -40 }),
    powerSave: fc.constantFrom('none', 'min_modem'),
    dtim: fc.integer({ min: 1, max: 10 }),
    idleTimeoutMs: fc.integer({ min: 1_000, max: 90_000 }),
  },
  { requiredKeys: ['latencyMs', 'jitterMs', 'lossRate', 'burst', 'rateBps', 'powerSave', 'dtim'] },
);
const settings = changes.map((change): LinkSettings => ({ ...DEFAULT_LINK, ...change }));
const CUTS = ['ap', 'blackhole'] as const;
const moment = fc.integer({ min: 0, max: BUSY_MS });
const story = fc.record({
  first: settings,
  changes: fc.array(fc.record({ atMs: moment, to: settings }), { maxLength: 3 }),
  cuts: fc.array(fc.record({ atMs: moment, forMs: fc.integer({ min: 1, max: 20_000 }) }), { maxLength: CUTS.length }),
  writes: fc.array(fc.record({ atMs: moment, up: fc.boolean(), bytes: fc.integer({ min: 1, max: 5_000 }) }), { maxLength: 12 }),
  seed: fc.nat(),
});

/** A board's TCP and a relay's on one link; what passed, and what was written while connected. */
class Wired {
  readonly kernel = new Kernel();
  readonly board = new End();
  readonly relay = new End();
  readonly link: Link;
  readonly wrote = { up: '', down: '' };
  forgotten = false;
  private readonly client: TcpMachine;
  private readonly sentAtUs = new Map<Packet, number>();

  constructor(first: LinkSettings, seed: number) {
    const { kernel } = this;
    const counters = { segments: 0, retransmits: 0 };
    const streams = new RandomStreams(seed);
    this.client = new TcpMachine(kernel, LWIP, 0, counters, (packet) => this.link.sendUp(this.note(packet)));
    const server = new TcpMachine(kernel, LINUX, 0, counters, (packet) => this.link.sendDown(this.note(packet)));
    this.link = new Link(first, {
      kernel,
      board: 0,
      station: { joined: true },
      medium: null,
      random: (purpose) => streams.stream(purpose),
      deliverUp: (packet) => server.receive(this.arrived(packet)),
      deliverDown: (packet) => this.client.receive(this.arrived(packet)),
      onForgotten: () => {
        this.forgotten = true;
      },
    });
    server.listen((endpoint) => {
      this.relay.endpoint = endpoint;
      this.relay.connected = true;
      return this.relay;
    });
  }

  connect(): void {
    this.board.endpoint = this.client.connect(0, this.board);
  }

  write(up: boolean, bytes: number): void {
    const end = up ? this.board : this.relay;
    if (!end.connected || end.closed !== null) return;
    const way = up ? 'up' : 'down';
    const from = this.wrote[way].length;
    const text = Array.from({ length: bytes }, (_, index) => String.fromCharCode(33 + (((from + index) * 31) % 89))).join('');
    this.wrote[way] += text;
    end.endpoint?.write(text);
  }

  private note(packet: Packet): Packet {
    this.sentAtUs.set(packet, this.kernel.nowUs);
    return packet;
  }

  private arrived(packet: Packet): Packet {
    const tookUs = this.kernel.nowUs - (this.sentAtUs.get(packet) ?? Number.NaN); // NaN fails: never sent, or here before
    this.sentAtUs.delete(packet);
    expect(tookUs).toBeLessThanOrEqual(usFromMs((QUEUE_BYTES * 8_000) / SLOWEST_BPS + LONGEST_WAIT_MS));
    return packet;
  }
}

async function play({ first, changes, cuts, writes, seed }: typeof story extends fc.Arbitrary<infer T> ? T : never): Promise<Wired> {
  const world = new Wired(first, seed);
  const at = (ms: number, act: () => void) => world.kernel.schedule(usFromMs(ms), { onEvent: act }, null);
  for (const { atMs, to } of changes) at(atMs, () => world.link.applySettings(to));
  for (const [index, { atMs, forMs }] of cuts.entries()) {
    at(atMs, () => world.link.setCut(CUTS[index], true));
    at(atMs + forMs, () => world.link.setCut(CUTS[index], false));
  }
  for (const { atMs, up, bytes } of writes) at(atMs, () => world.write(up, bytes));
  at(BUSY_MS, () => world.link.applySettings(CLEAR));
  world.connect();
  await world.kernel.run(usFromMs(PATIENCE_MS));
  return world;
}

it('over any mix of rules TCP delivers the bytes once and in order, or the connection ends', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (settings) => {
      const { board, relay, wrote, forgotten } = await play(settings);
      expect(wrote.up.startsWith(relay.received)).toBe(true);
      expect(wrote.down.startsWith(board.received)).toBe(true);
      if (forgotten || board.closed !== null || !board.connected) return;
      expect(relay.received).toBe(wrote.up);
      expect(board.received).toBe(wrote.down);
    }),
    { numRuns: 200 },
  );
});

it('over any mix of rules, however often it changes, no more is taken at once than the queue holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(settings, { minLength: 1, maxLength: 8 }), fc.nat(), async (all, seed) => {
      const kernel = new Kernel();
      const streams = new RandomStreams(seed);
      const bytes = { up: 0, down: 0 };
      const link = new Link(all[0], {
        kernel,
        board: 0,
        station: { joined: true },
        medium: null,
        random: (purpose) => streams.stream(purpose),
        deliverUp: (packet) => {
          bytes.up += packet.wireBytes;
        },
        deliverDown: (packet) => {
          bytes.down += packet.wireBytes;
        },
        onForgotten: () => {},
      });
      for (const next of all) {
        link.applySettings(next);
        for (let number = 0; number < 150; number++) {
          link.sendUp(makePacket(number, 1_500));
          link.sendDown(makePacket(number, 1_500));
        }
      }
      await kernel.run(usFromMs(PATIENCE_MS));
      expect(bytes.up).toBeLessThanOrEqual(QUEUE_BYTES);
      expect(bytes.down).toBeLessThanOrEqual(QUEUE_BYTES);
    }),
    { numRuns: 50 },
  );
});
