/**
 * The relay's end of a world in live mode, when the relay is somebody else's: each virtual connection becomes
 * a real one, bytes untouched.
 *
 * A link that is silent leaves the real socket open, as in life; only FIN and RST of the virtual side end it.
 * What the relay does is read from the bytes that pass (frame-scanner.ts), so its sessions, pings and
 * messages are events of the world like those of a relay that runs inside. A virtual SYN waits for the real
 * one: it is answered when the relay has accepted, with RST when it has refused, and not at all when nobody
 * answers.
 */
import type { Socket } from 'node:net';
import { GOING_AWAY, INTERNAL_ERROR, NO_CLOSE_FRAME, NO_CODE, TAKEN_OVER } from 'host/close-codes';
import { boardId } from '../kernel/board-id.ts';
import type { Emit, EventName } from '../kernel/events.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { msFromUs } from '../kernel/units.ts';
import type { RelayMachine } from '../net/far-end.ts';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import { type TcpCounters, TcpMachine } from '../net/tcp/host.ts';
import type { SocketSnapshot } from '../net/tcp/netstat.ts';
import { RELAY_TCP } from '../net/tcp/parameters.ts';
import { EndpointDuplex } from '../net/wire/duplex.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { FrameScanner, type ScannedFrame } from '../net/wire/frame-scanner.ts';
import { ACK, type Packet, SYN } from '../net/wire/packet.ts';
import { type BridgeTarget, dial } from './dial.ts';

export interface BridgeParts {
  kernel: Timeline;
  counters: TcpCounters;
  target: BridgeTarget;
  /** `echo`: messages of the relay are answers to the board's own. */
  mode: 'broadcast' | 'echo';
  transmit: (packet: Packet) => void;
  emit: Emit;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const SWITCHING_PROTOCOLS = 101;
/** Pings whose pong is waited for; a relay that sends more without an answer has given up on measuring. */
const MAX_PINGS = 16;

export class BridgeHost implements RelayMachine {
  private readonly parts: BridgeParts;
  private readonly tcp: TcpMachine;
  private readonly bridges = new Set<Bridge>();
  /** Real sockets by flow, from the virtual SYN to the socket's end. */
  private readonly sockets = new Map<number, Socket>();
  private hung = false;
  private up = false;
  /** False: nothing that comes is answered. */
  private powered = true;

  constructor(parts: BridgeParts) {
    this.parts = parts;
    this.tcp = new TcpMachine(parts.kernel, RELAY_TCP, 0, parts.counters, parts.transmit);
  }

  tcpSockets(): SocketSnapshot[] {
    return this.tcp.snapshot();
  }

  get running(): boolean {
    return this.up;
  }

  start(): void {
    this.up = true;
    this.powered = true;
    this.hung = false;
    this.tcp.listen((endpoint) => this.accept(endpoint));
  }

  /**
   * What a relay that stops does, as the boards see it: every connection ends, new ones are refused. The real
   * relay sees its clients leave.
   */
  kill(): void {
    this.up = false;
    this.tcp.listen(null);
    for (const bridge of [...this.bridges]) bridge.end('shutdown');
    for (const socket of this.sockets.values()) socket.destroy();
    this.tcp.releaseAll();
  }

  /** As the boards see it: no FIN, no RST, no answer. The real relay sees its clients leave. */
  vanish(): void {
    this.powered = false;
    this.tcp.forgetAll();
    this.kill();
  }

  /** Nothing passes any more in either direction, and both ends stay connected. */
  setHung(on: boolean): boolean {
    if (!this.up || this.hung === on) return false;
    this.hung = on;
    for (const bridge of this.bridges) bridge.setHung(on);
    return true;
  }

  receive(packet: Packet): void {
    if (!this.powered) return;
    const isFirst = (packet.flags & (SYN | ACK)) === SYN && !this.sockets.has(packet.flow);
    if (isFirst && this.up) this.dial(packet);
    else if (this.sockets.get(packet.flow)?.connecting !== true) this.tcp.receive(packet);
  }

  private dial(syn: Packet): void {
    const socket = dial(this.parts.target);
    this.sockets.set(syn.flow, socket);
    socket.on('connect', () => this.tcp.receive(syn));
    // Every error is followed by 'close'.
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') this.tcp.refuse(syn);
    });
    socket.on('close', () => this.sockets.delete(syn.flow));
  }

  private accept(endpoint: TcpEndpoint): TcpHandlers {
    const { kernel } = this.parts;
    const [board, connection] = [boardOf(endpoint.flow), connectionOf(endpoint.flow)];
    const stream = new EndpointDuplex(kernel, endpoint, board, connection, boardId(board));
    const socket = this.sockets.get(endpoint.flow);
    if (socket === undefined) {
      // The relay has hung up before the board's handshake was done.
      stream.destroy();
      return stream;
    }
    const bridge = new Bridge(this.parts, stream, socket, () => this.bridges.delete(bridge));
    this.bridges.add(bridge);
    if (this.hung) bridge.setHung(true);
    return stream;
  }
}

/** One connection: the virtual stream and the real socket, and what was read along the way. */
class Bridge {
  private readonly parts: BridgeParts;
  private readonly stream: EndpointDuplex;
  private readonly socket: Socket;
  private isOpen = false;
  private isOver = false;
  private closeCode = NO_CLOSE_FRAME;
  private closeReason = '';
  private broken = false;
  private readonly pingsAt = new Map<string, number>();

  /** @param socket connected; nothing has been read of it */
  constructor(parts: BridgeParts, stream: EndpointDuplex, socket: Socket, onGone: () => void) {
    this.parts = parts;
    this.stream = stream;
    this.socket = socket;
    this.join(onGone);
  }

  setHung(on: boolean): void {
    if (on) {
      this.stream.pauseProcess();
      this.socket.pause();
    } else {
      this.stream.resumeProcess();
      this.socket.resume();
    }
  }

  end(cause: string): void {
    this.closeSession(cause);
    this.stream.destroy();
    this.socket.destroy();
  }

  private join(onGone: () => void): void {
    const { stream, socket } = this;
    const up = new FrameScanner({ onHead: () => {}, onFrame: (frame) => this.onBoardFrame(frame) });
    const down = new FrameScanner({ onHead: (head) => this.onAnswer(head), onFrame: (frame) => this.onRelayFrame(frame) });
    stream.on('data', (bytes: Buffer) => {
      up.push(bytes);
      if (!socket.write(bytes)) stream.pause();
    });
    socket.on('drain', () => stream.resume());
    socket.on('data', (bytes: Buffer) => {
      down.push(bytes);
      if (!stream.write(bytes)) socket.pause();
    });
    stream.on('drain', () => socket.resume());
    stream.on('end', () => socket.end());
    socket.on('end', () => stream.end());
    // Every error is followed by 'close'.
    stream.on('error', () => {
      this.broken = true;
    });
    socket.on('error', () => {
      this.broken = true;
    });
    stream.on('close', () => {
      this.closeSession(this.broken ? 'reset' : 'peer_closed');
      if (this.broken) socket.resetAndDestroy();
      else socket.destroy();
    });
    socket.on('close', () => {
      this.closeSession(this.causeOfRelay());
      stream.destroy();
      onGone();
    });
  }

  private onAnswer(head: string): void {
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
    if (status === SWITCHING_PROTOCOLS) {
      this.isOpen = true;
      this.emit('ws.open', '', '', 0);
    } else {
      // Whose relay it is nobody knows, so the status is all there is: a 403 may mean anything.
      this.emit('ws.refused', '', 'refused', status);
    }
  }

  private onBoardFrame({ opcode, payloadBytes, frameBytes, control }: ScannedFrame): void {
    if (opcode === TEXT || opcode === BINARY) this.emit('relay.received', kindOf(opcode), '', payloadBytes);
    if (opcode === CLOSE && this.closeCode === NO_CLOSE_FRAME) this.closeCode = codeOf(control);
    if (opcode !== PONG) return;
    const key = control.toString('latin1');
    const atMs = this.pingsAt.get(key);
    if (atMs === undefined) return;
    this.pingsAt.delete(key);
    this.emit('relay.pong', '', String(this.nowMs() - atMs), frameBytes);
  }

  private onRelayFrame({ opcode, payloadBytes, frameBytes, control }: ScannedFrame): void {
    if (opcode === TEXT || opcode === BINARY) this.emit('relay.sent', this.parts.mode === 'echo' ? 'reply' : 'broadcast', '', payloadBytes);
    if (opcode === PONG) this.emit('relay.ping_answered', '', '', frameBytes);
    if (opcode === PING) {
      if (this.pingsAt.size < MAX_PINGS) this.pingsAt.set(control.toString('latin1'), this.nowMs());
      this.emit('relay.ping', '', '', frameBytes);
    }
    if (opcode === CLOSE) {
      this.closeCode = codeOf(control);
      this.closeReason = control.toString('utf8', 2);
      this.closeSession(this.causeOfRelay());
    }
  }

  private causeOfRelay(): string {
    if (this.closeCode === INTERNAL_ERROR && /ping timeout/.test(this.closeReason)) return 'ping_timeout';
    if (this.closeCode === GOING_AWAY) return 'shutdown';
    if (this.closeCode === TAKEN_OVER) return 'takeover';
    return this.broken ? 'reset' : 'peer_closed';
  }

  private closeSession(cause: string): void {
    if (!this.isOpen || this.isOver) return;
    this.isOver = true;
    this.emit('ws.close', '', cause, this.closeCode);
  }

  private emit(event: EventName, subject: string, detail: string, value: number): void {
    const { board, connection } = this.stream;
    this.parts.emit(event, board, connection, subject, detail, value);
  }

  private nowMs(): number {
    return msFromUs(this.parts.kernel.nowUs);
  }
}

function kindOf(opcode: number): string {
  return opcode === BINARY ? 'binary' : 'text';
}

function codeOf(control: Buffer): number {
  return control.length >= 2 ? control.readUInt16BE(0) : NO_CODE;
}
