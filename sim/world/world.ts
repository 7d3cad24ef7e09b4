/**
 * A world: a clock, seeded luck, an access point, links, boards and a relay, put together from a scenario. On the virtual clock it is a pure function of
 * (code, scenario, seed).
 *
 * Everything that happens is one stream of events, `events$`; the trace hashes them first, then metrics, checks and reports hear of them.
 */
import type { FirmwareApp } from 'firmware/boot';
import { Board } from '../board/board.ts';
import { type Firmware, firmwareOf } from '../board/firmware.ts';
import { PROFILES } from '../board/profiles/index.ts';
import type { SupervisedCpu } from '../board/supervised-cpu.ts';
import { CA_FILE, CERTIFICATE_FILE, KEY_FILE } from '../board/tls-files.ts';
import type { FleetCertificates } from '../certificates/fleet.ts';
import { boardId } from '../kernel/board-id.ts';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import type { Emit, WorldEvent } from '../kernel/events.ts';
import { Kernel, type KernelOptions } from '../kernel/kernel.ts';
import { type RandomStream, RandomStreams } from '../kernel/random.ts';
import { type Observable, type SchedulerLike, Subject } from '../kernel/rx.ts';
import { WorldScheduler } from '../kernel/scheduler.ts';
import { Trace } from '../kernel/trace.ts';
import { msFromUs, usFromMs } from '../kernel/units.ts';
import { BridgeHost, type BridgeTarget } from '../live/bridge-host.ts';
import type { RelayMachine } from '../net/far-end.ts';
import { Link } from '../net/link/link.ts';
import { timeAnswer } from '../net/sntp.ts';
import type { TcpCounters } from '../net/tcp/host.ts';
import { Certificates } from '../net/tls/certificates.ts';
import { CERT_REQS } from '../net/tls/server.ts';
import type { TlsCounters } from '../net/tls/stream.ts';
import { AccessPoint } from '../net/wifi/station.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { type Packet, UDP } from '../net/wire/packet.ts';
import { RelayHost } from '../relay-host/relay-host.ts';
import type { RelayTlsSettings } from '../relay-host/relay-tls.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { WorldAccessPoint } from './controls/access-point.ts';
import { WorldBoard } from './controls/board.ts';
import type { Controls } from './controls/controls.ts';
import { WorldLink } from './controls/link.ts';
import { WorldRelay } from './controls/relay.ts';

export interface WorldOptions {
  app: FirmwareApp | Firmware;
  trace?: Trace;
  /** Needed when the scenario uses TLS. */
  certificates?: FleetCertificates;
  /** The real relay that boards talk to, in a live run. */
  bridge?: BridgeTarget;
  /** Of web pages that may join the relay of a live run. */
  allowOrigins?: readonly string[];
  /** None of them may change the trace. */
  kernel?: KernelOptions;
}

interface WifiConfig {
  SSID: string;
  password: string;
}

export class World {
  readonly kernel: Kernel;
  readonly trace: Trace;
  readonly scheduler: SchedulerLike;
  readonly counters: TcpCounters = { segments: 0, retransmits: 0 };
  readonly tlsCounters: TlsCounters = { bytes: 0 };
  private readonly certificates = new Certificates();
  private readonly fleet: FleetCertificates | null;
  private readonly scenario: Scenario;
  private readonly streams: RandomStreams;
  private readonly subject = new Subject<WorldEvent>();
  private readonly accessPoint: AccessPoint;
  private readonly relayHost: RelayMachine;
  /** The relay inside the world; null when it is somebody else's. */
  readonly ownRelay: RelayHost | null;
  private readonly links: Link[] = [];
  private readonly boards: Board[] = [];
  private silent = false;
  /** Whose handler ran last: what goes on without one, a promise, is that board's. */
  private running: SupervisedCpu | null = null;
  /** What moves it from outside. */
  readonly controls: Controls;

  /** A function by itself: everybody has the same. */
  private readonly emit: Emit = (event, board, connection, subject, detail, value) => {
    if (this.silent) return;
    const worldEvent: WorldEvent = { atUs: this.kernel.nowUs, event, board, connection, subject, detail, value };
    this.trace.record(worldEvent);
    this.subject.next(worldEvent);
  };

  constructor(scenario: Scenario, options: WorldOptions) {
    this.scenario = scenario;
    this.fleet = options.certificates ?? null;
    const firmware = firmwareOf(options.app);
    // That a promise was rejected and left alone, Node tells in the course of a whole turn.
    this.kernel = new Kernel({ ...(firmware.usesPromises ? { turnsPerPump: 1 } : {}), ...options.kernel });
    this.trace = options.trace ?? new Trace();
    this.scheduler = new WorldScheduler(this.kernel);
    this.streams = new RandomStreams(scenario.seed);
    const wifi = scenario.boards.config.wifi as WifiConfig;
    this.accessPoint = new AccessPoint({
      ssid: wifi.SSID,
      password: wifi.password,
    });
    const network = {
      kernel: this.kernel,
      counters: this.counters,
      transmit: (packet: Packet) => this.links[boardOf(packet.flow)].sendDown(packet),
      emit: this.emit,
    };
    const { bridge } = options;
    this.ownRelay = bridge
      ? null
      : new RelayHost({
          ...network,
          config: { ...scenario.relay, authorize: scenario.tls === 'mutual' ? 'cn' : 'any', allowOrigins: options.allowOrigins ?? [] },
          tls: this.relayTls(),
          random: this.streams.stream('relay'),
          randomFor: (board) => this.streams.stream(`${boardId(board)}/relay`),
        });
    this.relayHost = this.ownRelay ?? new BridgeHost({ ...network, target: bridge as BridgeTarget, mode: scenario.relay.mode });
    for (let index = 0; index < scenario.boards.count; index++) this.addBoard(index, firmware);
    this.controls = this.makeControls(wifi.password);
  }

  get events$(): Observable<WorldEvent> {
    return this.subject;
  }

  get boardCount(): number {
    return this.boards.length;
  }

  get nowMs(): number {
    return msFromUs(this.kernel.nowUs);
  }

  /** Firmware timers that have run, on all boards. */
  get timersRun(): number {
    return this.boards.reduce((sum, board) => sum + board.clock.runCount, 0);
  }

  /** A stream of this world's luck, for whoever acts on it from outside. */
  random(name: string): RandomStream {
    return this.streams.stream(name);
  }

  /** Starts the relay and powers the boards up, each at its own moment within the boot spread. Call once, with all subscribers in place. */
  start(): void {
    this.relayHost.start();
    for (let index = 0; index < this.boards.length; index++) {
      const board = this.boards[index];
      const atMs = this.streams.stream(`${boardId(index)}/boot`).next() * this.scenario.boards.bootSpreadMs;
      this.kernel.schedule(usFromMs(atMs), { onEvent: () => board.firstBoot() }, null);
    }
  }

  /** Advances to this time of the world, or until `kernel.stop`. */
  run(untilMs: number): Promise<void> {
    return this.kernel.run(usFromMs(untilMs));
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
    this.subject.complete();
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

  private addBoard(index: number, firmware: Firmware): void {
    const { scenario, kernel, trace, streams } = this;
    const { device, config, seedRandom } = scenario.boards;
    const random = (purpose: string): RandomStream => streams.stream(`${boardId(index)}/${purpose}`);
    const board = new Board({
      kernel,
      trace,
      counters: this.counters,
      tlsCounters: this.tlsCounters,
      certificates: this.certificates,
      profile: PROFILES[device],
      accessPoint: this.accessPoint,
      index,
      firmware,
      onRun: (cpu) => {
        this.running = cpu;
      },
      files: new Map([['config.json', JSON.stringify({ ...config, client_id: boardId(index) })], ...this.tlsFiles(index)]),
      seedRandom,
      random,
      sharedRandom: (purpose) => streams.stream(purpose),
      transmit: (packet) => link.sendUp(packet),
      lossRate: () => (link.isCut('blackhole') ? 1 : link.lossRate),
      emit: this.emit,
    });
    const link: Link = new Link(scenario.link, {
      kernel,
      trace,
      board: index,
      random,
      station: board,
      radio: PROFILES[device].radio,
      medium: this.accessPoint.medium,
      deliverUp: (packet) => {
        if (packet.flags & UDP) link.sendDown(timeAnswer(packet, WORLD_EPOCH_MS + this.nowMs));
        else this.relayHost.receive(packet);
      },
      deliverDown: (packet) => board.receive(packet),
      onForgotten: (flow, forUs) => this.emit('connection.forgotten', index, connectionOf(flow), '', 'idle', msFromUs(forUs)),
    });
    this.links.push(link);
    this.boards.push(board);
  }

  private makeControls(password: string): Controls {
    const links = this.links.map((link, index) => new WorldLink(link, this.boards[index], index, this.emit));
    const boards = this.boards.map((board) => new WorldBoard(board));
    const accessPoints = [new WorldAccessPoint(this.accessPoint, password, links)];
    return {
      boardCount: boards.length,
      link: (board) => links[board],
      accessPoint: (index) => accessPoints[index],
      board: (index) => boards[index],
      relay: new WorldRelay(this.relayHost, this.ownRelay, this.emit),
    };
  }

  private relayTls(): RelayTlsSettings | null {
    const { fleet, certificates, scenario } = this;
    if (scenario.tls === 'none') return null;
    if (fleet === null) throw new Error('a scenario with TLS needs certificates');
    const identity = certificates.identity(fleet.relay.cert, fleet.relay.key);
    if (identity === null) throw new Error("the relay's certificate and key do not belong together");
    const certReqs = scenario.tls === 'mutual' ? CERT_REQS.required : CERT_REQS.none;
    const epochMs = (): number => WORLD_EPOCH_MS + this.nowMs;
    return { server: { identity, certificates, certReqs, ca: fleet.authority, epochMs }, counters: this.tlsCounters };
  }

  /** A board's files beside its config. */
  private tlsFiles(index: number): [name: string, bytes: string][] {
    const { fleet } = this;
    const { tls } = this.scenario;
    if (fleet === null || tls === 'none' || tls === 'encrypt') return [];
    const ca: [string, string] = [CA_FILE, fleet.authorityDer];
    if (tls === 'server') return [ca];
    const { cert, key } = fleet.board(index);
    return [ca, [CERTIFICATE_FILE, cert], [KEY_FILE, key]];
  }
}
