/**
 * A world: a clock, seeded luck, access points, links, boards and a relay, put together from a scenario. On
 * the virtual clock it is a pure function of (code, scenario, seed).
 *
 * Everything that happens is one stream of events, `events$`; the trace hashes them first, then metrics,
 * checks and reports hear of them.
 */
import { type Activity, FrameActivity } from '../board/activity.ts';
import { Board } from '../board/board.ts';
import { clockRates } from '../board/clock-drift.ts';
import { PROFILES } from '../board/profiles/index.ts';
import type { Programs } from '../board/runtime.ts';
import type { SupervisedCpu } from '../board/supervised-cpu.ts';
import type { FleetCertificates } from '../certificates/fleet.ts';
import { boardId } from '../kernel/board-id.ts';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';

import { type Emit, type WorldEvent, worldEvent } from '../kernel/events.ts';
import { Kernel, type KernelOptions } from '../kernel/kernel.ts';
import { type RandomStream, RandomStreams } from '../kernel/random.ts';
import type { Observable, SchedulerLike } from '../kernel/rx.ts';
import { WorldScheduler } from '../kernel/scheduler.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { Trace } from '../kernel/trace.ts';
import { msFromUs, usFromMs } from '../kernel/units.ts';
import type { BalancerSettings } from '../net/balancer/settings.ts';
import type { RelayMachine } from '../net/far-end.ts';
import { Link } from '../net/link/link.ts';
import { timeAnswer } from '../net/sntp.ts';
import type { TcpCounters } from '../net/tcp/host.ts';
import type { Connection } from '../net/tcp/netstat.ts';
import { RELAY_TCP } from '../net/tcp/parameters.ts';
import type { TlsCounters } from '../net/tls/stream.ts';
import { Wan } from '../net/wan/wan.ts';
import { AccessPoint } from '../net/wifi/access-point.ts';
import type { Medium } from '../net/wifi/medium.ts';
import { channelOf, SharedAir } from '../net/wifi/shared-air.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { type Packet, UDP } from '../net/wire/packet.ts';
import type { PacketTap } from '../net/wire/packet-tap.ts';
import { TraceTap } from '../net/wire/trace-tap.ts';
import { RelayHost } from '../relay-host/relay-host.ts';
import type { AirSettings, FleetGroup, RelaySettings, Scenario } from '../scenario/scenario.ts';
import { connectionsOf } from './connections.ts';
import { WorldAccessPoint } from './controls/access-point.ts';
import { WorldAir } from './controls/air.ts';
import { WorldBoard } from './controls/board.ts';
import type { Controls } from './controls/controls.ts';
import { WorldLink } from './controls/link.ts';
import { WorldRelay } from './controls/relay.ts';
import { EventStream } from './event-stream.ts';
import { FleetFirmware } from './fleet-firmware.ts';
import type { OverTheAir } from './over-the-air.ts';
import { WorldTls } from './world-tls.ts';

/** What the far end of the links is made from. */
export interface FarEndParts {
  kernel: Timeline;
  counters: TcpCounters;
  /** `echo`: messages of the relay are answers to the board's own. */
  mode: RelaySettings['mode'];
  /** Sends a packet down the link of the board that its flow belongs to. */
  transmit: (packet: Packet) => void;
  emit: Emit;
}

export interface WorldOptions {
  app: Programs;
  trace?: Trace;
  /** Needed when the scenario uses TLS. */
  certificates?: FleetCertificates;
  /** Makes what boards talk to in place of a relay inside the world: the way to a real one, in a live run. */
  bridge?: (parts: FarEndParts) => RelayMachine;
  /** Of web pages that may join the relay of a live run. */
  allowOrigins?: readonly string[];
  /** None of them may change the trace. */
  kernel?: KernelOptions;
  /** `redraw` may be called. */
  changesLuck?: boolean;
  /** Boards may be given the firmware of another group, by cable or so. */
  overTheAir?: OverTheAir;
}

export class World {
  readonly kernel: Kernel;
  readonly trace: Trace;
  readonly scheduler: SchedulerLike;
  readonly counters: TcpCounters = { segments: 0, retransmits: 0 };
  private readonly tls: WorldTls;
  private readonly scenario: Scenario;
  private readonly groups: readonly FleetGroup[];
  private readonly streams: RandomStreams;
  private readonly stream = new EventStream<WorldEvent>();
  private readonly accessPoints: readonly AccessPoint[];
  /** null: each board has an air of its own. */
  readonly air: SharedAir | null;
  private readonly medium: Medium | null;
  private readonly relayHost: RelayMachine;
  /** The relay inside the world; null when it is somebody else's. */
  readonly ownRelay: RelayHost | null;
  private readonly wan: Wan;
  private readonly links: Link[] = [];
  private readonly linkControls: WorldLink[] = [];
  private readonly boards: Board[] = [];
  private readonly firmware: FleetFirmware;
  private readonly overTheAir: OverTheAir | null;
  private silent = false;
  /** Whose handler ran last: what goes on without one, a promise, is that board's. */
  private running: SupervisedCpu | null = null;
  /** What moves it from outside. */
  readonly controls: Controls;

  /** A function by itself: everybody has the same. */
  private readonly emit: Emit = (event, board, connection, subject, detail, value) => {
    if (this.silent) return;
    const happened = worldEvent(this.kernel.nowUs, event, board, connection, subject, detail, value);
    this.trace.record(happened);
    this.stream.next(happened);
  };

  constructor(scenario: Scenario, options: WorldOptions) {
    this.scenario = scenario;
    this.tls = new WorldTls(scenario.tls, options.certificates ?? null);
    const { fleet, boards, link } = scenario;
    this.groups = fleet.length > 0 ? fleet : [{ name: '', size: null, first: 0, boards, link, ap: null }];
    this.firmware = new FleetFirmware(this.groups, options.app, (board) => this.tls.filesOf(board));
    this.overTheAir = options.overTheAir ?? null;
    // That a promise was rejected and left alone, Node tells in the course of a whole turn.
    this.kernel = new Kernel({ ...(this.firmware.usesPromises ? { turnsPerPump: 1 } : {}), ...options.kernel });
    this.trace = options.trace ?? new Trace();
    this.scheduler = new WorldScheduler(this.kernel);
    this.streams = new RandomStreams(scenario.seed, options.changesLuck);
    const { SSID: ssid, password } = scenario.boards.config.wifi;
    this.accessPoints = Array.from({ length: scenario.aps }, (_, index) => new AccessPoint({ ssid, password, channel: channelOf(index) }));
    this.air = scenario.air && this.makeAir(scenario.air);
    this.medium = this.air;
    this.wan = this.makeWan(scenario.balancer);
    const network = {
      kernel: this.kernel,
      counters: this.wan.relayCounters,
      transmit: this.wan.fromRelay,
      emit: this.emit,
    };
    const { bridge } = options;
    this.ownRelay = bridge
      ? null
      : new RelayHost({
          ...network,
          updates: options.overTheAir?.shelf,
          backlog: scenario.relay.backlog,
          acceptMs: scenario.relay.acceptMs,
          config: { ...scenario.relay, authorize: scenario.tls === 'mutual' ? 'cn' : 'any', allowOrigins: options.allowOrigins ?? [] },
          tls: this.tls.relay(() => this.ownRelay?.epochMs() ?? WORLD_EPOCH_MS + this.nowMs),
          random: this.streams.stream('relay'),
          randomFor: (board) => this.streams.stream(`${boardId(board)}/relay`),
        });
    this.relayHost = this.ownRelay ?? (bridge as NonNullable<typeof bridge>)({ ...network, mode: scenario.relay.mode });
    for (const group of this.groups) for (let member = 0; member < group.boards.count; member++) this.addBoard(group.first + member, group);
    this.controls = this.makeControls(password);
  }

  get events$(): Observable<WorldEvent> {
    return this.stream;
  }

  get boardCount(): number {
    return this.boards.length;
  }

  get nowMs(): number {
    return msFromUs(this.kernel.nowUs);
  }

  /** Firmware timers that have run on a board; left out: on all. */
  timersRun(index?: number): number {
    const boards = index === undefined ? this.boards : [this.boards[index]];
    return boards.reduce((sum, board) => sum + board.clock.runCount, 0);
  }

  /** The least free memory of any of these boards, by index, at any time; 0: it has no end on any. */
  heapFreeMinBytes(boards: readonly number[]): number {
    const least = boards.reduce((some, index) => Math.min(some, this.boards[index].memory.leastFreeBytes), Infinity);
    return Number.isFinite(least) ? least : 0;
  }

  get tlsCounters(): TlsCounters {
    return this.tls.counters;
  }

  /** A stream of this world's luck, for whoever acts on it from outside. */
  random(name: string): RandomStream {
    return this.streams.stream(name);
  }

  /** What is drawn from now on is as a world of that seed draws it; what has been drawn stays. */
  redraw(seed: number): void {
    this.streams.redraw(seed);
  }

  /** Listens to the packets of all links, from the start on. To be called before the world starts. */
  tap(tap: PacketTap): void {
    for (const link of this.links) link.addTap(tap);
  }

  /**
   * Tells what each board does (power, CPU, radio, frames) to a listener of its own, after those that listen
   * already. To be called before the world starts. @param listenerOf by the board's index
   */
  observe(listenerOf: (board: number) => Activity): void {
    this.boards.forEach((board, index) => {
      const link = this.links[index];
      const activity = listenerOf(index);
      board.observe(activity);
      const frames = new FrameActivity(activity, board.station);
      link.addTap(frames, 'up');
      let hears = false;
      link.watchAir(({ dtim, rateBps }) => {
        frames.rateBps = rateBps;
        if (dtim > 0 && !hears) link.addTap(frames.down, 'down');
        hears ||= dtim > 0;
        activity.powerSave(dtim, this.kernel.nowUs);
      });
    });
  }

  /**
   * Starts the relay and powers the boards up, each at its own moment within the boot spread. Call once, with
   * all subscribers in place.
   */
  start(): void {
    this.relayHost.start();
    for (const { boards, first } of this.groups)
      for (const [member, board] of this.boards.slice(first, first + boards.count).entries()) {
        const atMs = this.streams.stream(`${boardId(first + member)}/boot`).next() * boards.bootSpreadMs;
        this.kernel.schedule(usFromMs(atMs), { onEvent: () => board.firstBoot() }, null);
      }
  }

  /** Every TCP connection as each of its ends has it, by board; a balancer's are those of both its sides. */
  connections(): Connection[] {
    return connectionsOf(this.boards, this.wan.balancer, this.relayHost);
  }

  /** Advances to this time of the world, or until `kernel.stop`. */
  async run(untilMs: number): Promise<void> {
    await this.kernel.run(usFromMs(untilMs));
    this.running?.lookForHang();
  }

  /** The measured time is over: boards are asked to send nothing new. */
  drain(): void {
    this.emit('run.drain', -1, 0, '', '', 0);
    for (const board of this.boards) board.requestStop();
  }

  /** A promise of firmware was rejected, and nobody caught it. */
  onRejection(reason: unknown): void {
    this.running?.fail(reason);
  }

  /** From here on nothing is traced or told any more. */
  mute(): void {
    this.silent = true;
  }

  /** Ends the world: nothing is traced or told any more, and no stream stays open. */
  async close(): Promise<void> {
    this.silent = true;
    this.relayHost.kill();
    await this.kernel.run(this.kernel.nowUs);
    this.stream.complete();
  }

  /** Leaves the world where it stands, since what runs in it cannot be trusted to come to an end. */
  abandon(): void {
    this.silent = true;
    this.kernel.stop();
    this.relayHost.kill();
  }

  /** Says that a step of the scenario was applied or undone. */
  noteStep(action: string, what: string): void {
    this.emit('step', -1, 0, action, what, 0);
  }

  private makeAir(settings: AirSettings): SharedAir {
    const { kernel, streams, scenario } = this;
    return new SharedAir({ kernel, settings, accessPoints: scenario.aps, random: (name) => streams.stream(name) });
  }

  private makeWan(balancer: BalancerSettings | null): Wan {
    const { kernel, counters, streams } = this;
    return new Wan({
      kernel,
      counters,
      boardOf,
      connectionOf,
      balancer,
      random: (name) => streams.stream(name),
      randomFor: (board) => streams.stream(`${boardId(board)}/balancer`),
      portalTls: () => this.tls.portal(() => WORLD_EPOCH_MS + this.nowMs),
      onRefused: (flow, status) => this.emit('ws.refused', boardOf(flow), connectionOf(flow), '', 'proxy', status),
      onForgotten: (flow, forUs) => this.emit('connection.forgotten', boardOf(flow), connectionOf(flow), '', 'address', msFromUs(forUs)),
      sendDown: (packet) => this.links[boardOf(packet.flow)].sendDown(packet),
      toRelay: (packet) => this.relayHost.receive(packet),
    });
  }

  private addBoard(index: number, group: FleetGroup): void {
    const { kernel, trace, streams, firmware } = this;
    const { device, seedRandom, clockDrift, station } = group.boards;
    const random = (purpose: string): RandomStream => streams.stream(`${boardId(index)}/${purpose}`);
    const nearest = this.accessPoints[group.ap === null ? index % this.accessPoints.length : group.ap - 1];
    const board = new Board({
      kernel,
      trace,
      counters: this.counters,
      tlsCounters: this.tls.counters,
      certificates: this.tls.certificates,
      profile: PROFILES[device],
      station,
      accessPoint: nearest,
      others: this.accessPoints.filter((one) => one !== nearest),
      onMoved: (accessPoint, joined) => {
        linkControl.setCut('ap', !accessPoint.on);
        linkControl.setCut('channel', accessPoint.on && !board.station.hears);
        linkControl.heedSignal();
        this.medium?.associate?.(index, joined ? this.accessPoints.indexOf(accessPoint) : null);
      },
      index,
      clockRates: clockRates(clockDrift, PROFILES[device].clocks, () => random('clock')),
      firmware: firmware.of(group.name, index),
      mayRun: this.overTheAir === null ? undefined : firmware.images,
      bootCode: this.overTheAir?.bootCodeOf((name) => firmware.of(name, index)),
      onRun: (cpu) => {
        this.running?.lookForHang();
        this.running = cpu;
      },
      seedRandom,
      random,
      sharedRandom: (purpose) => streams.stream(purpose),
      unseededRandom: (purpose) => streams.fixed(purpose),
      transmit: (packet) => link.sendUp(packet),
      onSaving: (saving) => link.setPowerSave(saving),
      onConnecting: (connection, address) => this.wan.route(index, connection, address),
      lossRate: () => (link.isBlackhole ? 1 : link.lossRate),
      emit: this.emit,
    });
    const link: Link = new Link(group.link, {
      kernel,
      board: index,
      random,
      station: board.station,
      radio: PROFILES[device].radio,
      medium: this.medium,
      dontFragment: { up: PROFILES[device].tcp.dontFragment, down: RELAY_TCP.dontFragment },
      deliverUp: (packet) => {
        if (!(packet.flags & UDP)) this.wan.up(packet);
        else if (this.wan.portalStatus(index) === 0) link.sendDown(timeAnswer(packet, WORLD_EPOCH_MS + this.nowMs));
      },
      deliverDown: (packet) => board.receive(packet),
      onForgotten: (flow, forUs) => this.emit('connection.forgotten', index, connectionOf(flow), '', 'idle', msFromUs(forUs)),
    });
    link.addTap(new TraceTap(trace, index));
    const linkControl = new WorldLink(link, this.wan, board, index, this.emit);
    this.links.push(link);
    this.linkControls.push(linkControl);
    this.boards.push(board);
  }

  private makeControls(password: string): Controls {
    const { linkControls: links, medium } = this;
    const boards = this.boards.map((board, index) => {
      const firmwareOf = (group: string) => this.firmware.of(group, index);
      return new WorldBoard(board, links[index], this.accessPoints, firmwareOf);
    });
    const accessPoints = this.accessPoints.map(
      (accessPoint, index) => new WorldAccessPoint({ index, kernel: this.kernel, accessPoint, medium, password, links, boards }),
    );
    return {
      boardCount: boards.length,
      membersOf: (name) => boards.flatMap(({ group }, index) => (group === name ? [index] : [])),
      deliveredIn: (name) => this.firmware.deliveredIn(name),
      accessPointCount: accessPoints.length,
      link: (board) => links[board],
      accessPoint: (index) => accessPoints[index],
      board: (index) => boards[index],
      relay: new WorldRelay({
        machine: this.relayHost,
        wan: this.wan,
        own: this.ownRelay,
        identityOf: (chain) => this.tls.relayIdentity(chain),
        updates: this.overTheAir,
        emit: this.emit,
      }),
      balancer: this.wan.balancer,
      air: this.air && new WorldAir(this.air),
    };
  }
}
