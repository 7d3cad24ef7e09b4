/**
 * A world: a clock, seeded luck, an access point, links, boards and a relay, put together from a scenario. On the virtual clock it is a pure function of
 * (code, scenario, seed).
 *
 * Everything that happens is one stream of events, `events$`; the trace hashes them first, then metrics, checks and reports hear of them.
 */
import type { FirmwareApp } from 'firmware/boot';
import type { Level } from 'hal';
import { Board } from '../board/board.ts';
import { PROFILES } from '../board/profiles/index.ts';
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
import { type CutReason, Link } from '../net/link/link.ts';
import type { LinkSettings } from '../net/link/settings.ts';
import { timeAnswer } from '../net/sntp.ts';
import type { TcpCounters } from '../net/tcp/host.ts';
import { Certificates } from '../net/tls/certificates.ts';
import type { TlsCounters } from '../net/tls/stream.ts';
import { AccessPoint } from '../net/wifi/station.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { Packet, UDP } from '../net/wire/packet.ts';
import { RelayHost } from '../relay-host/relay-host.ts';
import type { RelayTlsSettings } from '../relay-host/relay-tls.ts';
import type { WorldControls } from '../scenario/controls.ts';
import type { Scenario } from '../scenario/scenario.ts';

export interface WorldOptions {
  app: FirmwareApp;
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

export class World implements WorldControls {
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
  private readonly wifi: WifiConfig;
  private readonly accessPoint: AccessPoint;
  private readonly relayHost: RelayMachine;
  /** The relay inside the world; null when it is somebody else's. */
  readonly ownRelay: RelayHost | null;
  private readonly links: Link[] = [];
  private readonly boards: Board[] = [];
  private silent = false;

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
    this.kernel = new Kernel(options.kernel);
    this.trace = options.trace ?? new Trace();
    this.scheduler = new WorldScheduler(this.kernel);
    this.streams = new RandomStreams(scenario.seed);
    this.wifi = scenario.boards.config.wifi as WifiConfig;
    this.accessPoint = new AccessPoint(this.wifi.SSID, this.wifi.password);
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
    for (let index = 0; index < scenario.boards.count; index++) this.addBoard(index, options.app);
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
    if (this.scenario.steps.some(({ action }) => action === 'client.burst')) this.ownRelay?.wiredClient();
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

  setBlackhole(board: number, on: boolean): void {
    this.cut(board, 'blackhole', on);
  }

  setLink(board: number, settings: Partial<LinkSettings>): Partial<LinkSettings> {
    const link = this.links[board];
    const before = link.settings;
    const replaced = Object.fromEntries(Object.keys(settings).map((key) => [key, before[key as keyof LinkSettings]]));
    link.applySettings({ ...before, ...settings });
    return replaced;
  }

  /** As it is now. */
  linkOf(board: number): { settings: LinkSettings; blackhole: boolean } {
    const link = this.links[board];
    return { settings: link.settings, blackhole: link.isCut('blackhole') };
  }

  setAccessPoint(on: boolean): void {
    if (this.accessPoint.on === on) return;
    this.accessPoint.setPower(on);
    for (let board = 0; board < this.links.length; board++) this.cut(board, 'ap', !on);
  }

  setPasswordChanged(on: boolean): void {
    const { password } = this.wifi;
    this.accessPoint.setPassword(on ? `not ${password}` : password);
  }

  setResolver(board: number, on: boolean): void {
    this.boards[board].net.resolverDown = !on;
  }

  setRelay(on: boolean): void {
    if (this.relayHost.running === on) return;
    if (on) {
      this.relayHost.start();
      this.emit('relay.up', -1, 0, '', '', 0);
    } else {
      this.emit('relay.down', -1, 0, '', 'stop', 0);
      this.relayHost.kill();
    }
  }

  /** A relay that is down, or restarted since it hung, is not asked. */
  setRelayHung(on: boolean): void {
    if (!this.relayHost.setHung(on)) return;
    if (on) this.emit('relay.down', -1, 0, '', 'hang', 0);
    else this.emit('relay.up', -1, 0, '', '', 0);
  }

  setClock(board: number, epochMs: number | null): void {
    this.boards[board].wallClock.setByStep(epochMs);
  }

  resetBoard(board: number): void {
    this.boards[board].boot();
  }

  /** Not at a relay of somebody else's. */
  clientBurst(messages: number, bytes: number): void {
    this.ownRelay?.wiredClient()?.burst(messages, bytes);
  }

  burst(board: number, messages: number, bytes: number): void {
    this.boards[board].burst(messages, bytes);
  }

  setPower(board: number, on: boolean): void {
    if (on) this.boards[board].boot();
    else this.boards[board].powerOff();
  }

  pinLevel(board: number, pin: number): Level {
    return this.boards[board].gpio.read(pin);
  }

  watchPins(board: number, listener: ((pin: number, level: Level) => void) | null): void {
    this.boards[board].gpio.watch(listener);
  }

  resetConnections(board: number): void {
    const link = this.links[board];
    for (const flow of this.boards[board].flows) {
      link.sendUp(Packet.reset(flow));
      link.sendDown(Packet.reset(flow));
    }
  }

  deauthenticate(board: number, reason: number): void {
    this.boards[board].deauthenticate(reason);
  }

  roam(board: number): void {
    this.boards[board].roam();
  }

  /** Says that a step of the scenario was applied or undone. */
  noteStep(action: string, what: string): void {
    this.emit('step', -1, 0, action, what, 0);
  }

  private addBoard(index: number, app: FirmwareApp): void {
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
      app,
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

  private relayTls(): RelayTlsSettings | null {
    const { fleet, certificates, scenario } = this;
    if (scenario.tls === 'none') return null;
    if (fleet === null) throw new Error('a scenario with TLS needs certificates');
    const identity = certificates.identity(fleet.relay.cert, fleet.relay.key);
    if (identity === null) throw new Error("the relay's certificate and key do not belong together");
    const certReqs = scenario.tls === 'mutual' ? 2 : 0;
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

  /** Cuts or heals a link for a reason that lies outside the board. */
  private cut(board: number, reason: CutReason, on: boolean): void {
    const link = this.links[board];
    if (link.isCut(reason) === on) return;
    link.setCut(reason, on);
    this.emit(on ? 'link.down' : 'link.up', board, 0, '', reason, 0);
  }
}
