/**
 * Boards on a bench: an access point, a short clear link each, and a server that accepts what its test tells
 * it to. No relay, no scenario.
 *
 * The boards run their firmware's boot code and then `app`, by default one that does nothing, so that a test
 * can act through the HAL itself.
 */
import type { FirmwareApp } from 'firmware/boot';
import type { Hal } from 'hal';
import { type EventName, type WorldEvent, worldEvent } from '../../kernel/events.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { Trace } from '../../kernel/trace.ts';
import { TcpMachine } from '../../net/tcp/host.ts';
import type { AcceptHandler } from '../../net/tcp/listener.ts';
import { LINUX } from '../../net/tcp/parameters.ts';
import { Certificates } from '../../net/tls/certificates.ts';
import { AccessPoint } from '../../net/wifi/access-point.ts';
import { boardOf } from '../../net/wire/flow.ts';
import type { Packet } from '../../net/wire/packet.ts';
import { Board } from '../board.ts';
import { type DeviceProfile, PROFILES } from '../profiles/index.ts';
import type { FirmwareImage } from '../runtime.ts';
import { imageOf } from '../runtimes/javascript.ts';
import type { RadioSaving } from '../wifi.ts';

/** One way, µs. */
const LINK_DELAY_US = 5_000;
/** Longer than any boot and any join without loss, ms. */
const SETTLED_MS = 5_000;

export const SSID = 'lab';
export const PASSWORD = 'secret';
/** An address, so that no DNS is needed. */
export const SERVER_HOST = '10.0.0.1';

export interface LabOptions {
  boards?: number;
  profile?: DeviceProfile;
  app?: FirmwareApp;
  /** Instead of an app; there are no HALs then. */
  image?: FirmwareImage;
  seed?: number;
  seedRandom?: boolean;
  files?: Record<string, string>;
}

export class BoardLab {
  readonly kernel = new Kernel();
  readonly accessPoint = new AccessPoint({ ssid: SSID, password: PASSWORD });
  readonly events: WorldEvent[] = [];
  readonly boards: Board[];
  /** Of each board's latest boot. */
  readonly hals: Hal[] = [];
  /** Of firmware, on all boards. */
  starts = 0;
  /** Accepts whoever comes, and another host that refuses everybody. */
  readonly server: TcpMachine;
  readonly closedServer: TcpMachine;
  /** What the server does with a new connection; by default it neither reads nor writes. */
  accept: AcceptHandler = () => ({ onConnect() {}, onReadable() {}, onDrain() {}, onClose() {} });
  /**
   * Where a board's packet goes; null: it vanishes. What a station sends that has not joined vanishes in any
   * case.
   */
  route: (packet: Packet) => Pick<TcpMachine, 'receive'> | null = () => this.server;
  /** What the firmware of the last board that asked wants of its radio. */
  saving: RadioSaving | null = null;
  /** Packet loss that DHCP and DNS meet. */
  lossRate = 0;
  readonly certificates = new Certificates();
  private readonly counters = { segments: 0, retransmits: 0 };

  constructor(options: LabOptions = {}) {
    this.server = this.makeServer();
    this.closedServer = this.makeServer();
    this.server.listen((endpoint) => this.accept(endpoint));
    const streams = new RandomStreams(options.seed ?? 1);
    this.boards = Array.from({ length: options.boards ?? 1 }, (_, index) => this.makeBoard(index, streams, options));
  }

  get board(): Board {
    return this.boards[0];
  }

  get hal(): Hal {
    return this.hals[0];
  }

  get nowMs(): number {
    return this.kernel.nowUs / 1000;
  }

  run(ms: number): Promise<void> {
    return this.kernel.run(this.kernel.nowUs + ms * 1000);
  }

  /** Powers all boards up and waits until their firmware runs. */
  async boot(): Promise<this> {
    for (const board of this.boards) board.boot();
    await this.run(SETTLED_MS);
    return this;
  }

  /** Boots, and lets all boards join. */
  async join(): Promise<this> {
    await this.boot();
    for (const hal of this.hals) hal.wifi.connect(SSID, PASSWORD, () => {});
    await this.run(SETTLED_MS);
    return this;
  }

  /** From another machine than the lab's own: what it has for a board. */
  sendDown(packet: Packet): void {
    this.carry(packet, (arrived) => this.boards[boardOf(arrived.flow)].receive(arrived));
  }

  eventsNamed(name: EventName): WorldEvent[] {
    return this.events.filter(({ event }) => event === name);
  }

  private makeServer(): TcpMachine {
    const deliver = (packet: Packet) => this.boards[boardOf(packet.flow)].receive(packet);
    return new TcpMachine(this.kernel, LINUX, 0, this.counters, (packet) => this.carry(packet, deliver));
  }

  private makeBoard(index: number, streams: RandomStreams, options: LabOptions): Board {
    const { kernel, accessPoint, counters } = this;
    return new Board({
      kernel,
      trace: new Trace(),
      counters,
      tlsCounters: { bytes: 0 },
      certificates: this.certificates,
      profile: options.profile ?? PROFILES.ideal,
      accessPoint,
      index,
      firmware: {
        group: '',
        image:
          options.image ??
          imageOf((hal, config) => {
            this.hals[index] = hal;
            this.starts++;
            options.app?.(hal, config);
          }),
        files: new Map(Object.entries({ 'config.json': '{}', ...options.files })),
      },
      onRun: () => {},
      seedRandom: options.seedRandom ?? true,
      random: (purpose) => streams.stream(`${index}/${purpose}`),
      sharedRandom: (purpose) => streams.stream(purpose),
      unseededRandom: (purpose) => streams.fixed(purpose),
      onSaving: (saving) => {
        this.saving = saving;
      },
      transmit: (packet) => this.carry(packet, () => this.route(packet)?.receive(packet)),
      lossRate: () => this.lossRate,
      emit: (event, board, connection, subject, detail, value) =>
        this.events.push(worldEvent(kernel.nowUs, event, board, connection, subject, detail, value)),
    });
  }

  private carry(packet: Packet, deliver: (packet: Packet) => void): void {
    if (!this.boards[boardOf(packet.flow)].station.joined) return;
    this.kernel.schedule(this.kernel.nowUs + LINK_DELAY_US, { onEvent: () => deliver(packet) }, null);
  }
}
