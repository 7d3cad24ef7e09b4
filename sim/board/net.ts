/**
 * The board's end of its connections: names, sockets, TCP and TLS. What the radio does, and when all of it is
 * lost, is the board's.
 */
import type { Net, NetErrorKind, Socket, SocketHandlers, TlsSettings } from 'hal';
import type { EventName } from '../kernel/events.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { msFromUs, US_PER_MS } from '../kernel/units.ts';
import { type TcpCounters, TcpMachine } from '../net/tcp/host.ts';
import type { SocketSnapshot } from '../net/tcp/netstat.ts';
import type { Certificates } from '../net/tls/certificates.ts';
import { ownFailure } from '../net/tls/client.ts';
import type { TlsCounters } from '../net/tls/stream.ts';
import type { ByteStream } from '../net/wire/byte-stream.ts';
import { flowOf } from '../net/wire/flow.ts';
import type { Packet } from '../net/wire/packet.ts';
import { ChannelWatch } from './channel-watch.ts';
import type { Cpu } from './cpu.ts';
import type { BoardMemory } from './memory/memory.ts';
import { Resolver } from './names/resolver.ts';
import type { DeviceProfile } from './profiles/index.ts';
import { BoardSocket, type SocketOwner } from './socket.ts';
import { BoardTls } from './tls.ts';

export interface BoardNetParts {
  kernel: Timeline;
  cpu: Cpu;
  memory: BoardMemory;
  profile: DeviceProfile;
  counters: TcpCounters;
  tlsCounters: TlsCounters;
  certificates: Certificates;
  /** Index of the board. */
  index: number;
  random: (purpose: string) => RandomStream;
  transmit: (packet: Packet) => void;
  /** Packets of this connection of the board go to this address. */
  onConnecting?: (connection: number, address: string) => void;
  lossRate: () => number;
  isJoined: () => boolean;
  /** The board's calendar. */
  epochMs: () => number;
  /** Whether sockets are read along for firmware that says nothing of its channel. */
  watchesChannel: () => boolean;
  emit: (event: EventName, connection: number, subject: string, detail: string, value: number) => void;
}

export class BoardNet implements Net, SocketOwner {
  readonly cpu: Cpu;
  readonly readBytes: number;
  readonly byteUs: number;
  /** The newest connection: they count from 1, and on through resets. */
  connection = 0;
  readonly resolver: Resolver;
  private readonly parts: BoardNetParts;
  private readonly tcp: TcpMachine;
  private readonly tls: BoardTls;
  private readonly sockets = new Set<BoardSocket>();
  private connectStartedAtUs = 0;

  constructor(parts: BoardNetParts) {
    const { kernel, cpu, profile, counters, tlsCounters, certificates, epochMs, lossRate } = parts;
    this.parts = parts;
    this.resolver = new Resolver(kernel, lossRate);
    this.cpu = cpu;
    this.readBytes = profile.readBytes;
    this.byteUs = profile.byteUs;
    this.tls = new BoardTls({ kernel, cpu, profile, counters: tlsCounters, certificates, epochMs });
    const tickUs = (profile.tcp.kind === 'lwip' ? profile.tcp.slowTimerMs : profile.tcp.jiffyMs) * US_PER_MS;
    const phaseUs = Math.floor(parts.random('phases').next() * tickUs);
    this.tcp = new TcpMachine(kernel, profile.tcp, phaseUs, counters, parts.transmit);
  }

  /** The flows of the sockets that the firmware holds. */
  get flows(): number[] {
    return [...this.sockets].map(({ connection }) => this.flowOf(connection));
  }

  /** Every connection of its TCP, those included that the firmware has let go. */
  tcpSockets(): SocketSnapshot[] {
    return this.tcp.snapshot();
  }

  receive(packet: Packet): void {
    this.tcp.receive(packet);
  }

  /** As new: every connection is forgotten without a word to anybody. */
  reset(): void {
    this.tls.reset();
    this.resolver.reset();
    this.sockets.clear();
    this.tcp.forgetAll();
  }

  /** lwIP gives up every connection of an interface that lost its address; no RST can leave. */
  abort(): void {
    this.tcp.forgetAll();
    for (const socket of [...this.sockets]) socket.fail('aborted');
  }

  /**
   * The interface has another address: lwIP ends every connection, and RST still leaves from the old one.
   */
  renewAddress(): void {
    this.tcp.dropAll();
    for (const socket of [...this.sockets]) socket.fail('aborted');
  }

  connect(host: string, _port: number, handlers: SocketHandlers, tls: TlsSettings | null = null): Socket {
    this.connection++;
    if (!this.parts.watchesChannel()) return this.openSocket(host, handlers, tls);
    const { kernel, emit } = this.parts;
    const watch = new ChannelWatch({ connection: this.connection, handlers, nowMs: () => msFromUs(kernel.nowUs), say: emit });
    return watch.attach(this.openSocket(host, watch, tls));
  }

  /** @param purpose names the random stream of this question */
  resolve(host: string, purpose: string, done: (address: string | null) => void): void {
    this.resolver.resolve(host, () => this.parts.random(purpose), done);
  }

  onConnectEnded(_socket: BoardSocket, connected: boolean): void {
    this.cpu.unblock();
    if (connected) this.parts.emit('tcp.connected', this.connection, '', '', msFromUs(this.parts.kernel.nowUs - this.connectStartedAtUs));
  }

  onTlsEnded(): void {
    this.cpu.unblock();
  }

  onSocketGone(socket: BoardSocket, error: NetErrorKind | ''): void {
    if (!this.sockets.delete(socket)) return;
    this.parts.memory.closeSocket(socket.heapBytes);
    this.parts.emit('tcp.closed', socket.connection, '', error, 0);
  }

  private openSocket(host: string, handlers: SocketHandlers, tls: TlsSettings | null): Socket {
    const { kernel, profile, certificates } = this.parts;
    const socket = new BoardSocket(this, this.connection, handlers);
    this.connectStartedAtUs = kernel.nowUs;
    const full = this.sockets.size >= profile.sockets;
    this.sockets.add(socket);
    this.parts.emit('tcp.connect', this.connection, '', '', 0);
    if (full || !this.parts.isJoined()) {
      this.soon(socket, () => socket.fail(full ? 'sockets' : 'unreachable'));
      return socket;
    }
    const failure = tls === null ? null : ownFailure(tls, certificates);
    if (failure !== null) {
      this.soon(socket, () => socket.fail('tls', failure));
      return socket;
    }
    socket.heapBytes = this.parts.memory.openSocket(tls !== null);
    const flow = this.flowOf(socket.connection);
    if (profile.connectBlocks) this.cpu.block('connect');
    this.resolve(host, `dns/${this.connection}`, (address) => {
      if (!this.sockets.has(socket)) return;
      if (address === null) {
        socket.fail('dns');
        return;
      }
      this.parts.onConnecting?.(socket.connection, address);
      socket.attach(this.openStream(host, flow, socket, tls));
    });
    return socket;
  }

  /** Never from within the call that brings it, and not for a socket that is given up by then. */
  private soon(socket: BoardSocket, act: () => void): void {
    const { kernel } = this.parts;
    kernel.schedule(kernel.nowUs, { onEvent: () => this.sockets.has(socket) && act() }, null);
  }

  private openStream(host: string, flow: number, socket: BoardSocket, tls: TlsSettings | null): ByteStream {
    if (tls === null) return this.tcp.connect(flow, socket);
    return this.tls.connect(host, tls, socket, (handlers) => this.tcp.connect(flow, handlers));
  }

  private flowOf(connection: number): number {
    return flowOf(this.parts.index, connection);
  }
}
