/**
 * One client, from the end of its handshake until its id is free again: what it sends becomes messages, what
 * it is sent becomes frames.
 *
 * A session ends once, at the first of: the peer's close frame, FIN or broken connection, a violation, a
 * missed pong, or the relay's own wish. From that moment nothing is delivered to or from it; what remains of
 * the connection is the business of close.ts. Every frame is one write to the stream, and no frame waits
 * without being counted.
 */
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import {
  INTERNAL_ERROR,
  MESSAGE_TOO_BIG,
  NO_CLOSE_FRAME,
  NO_CODE,
  NORMAL_CLOSURE,
  POLICY_VIOLATION,
  TRY_AGAIN_LATER,
} from 'host/close-codes';
import type { Opened } from '../admission/connections.ts';
import type { MemoryBound } from '../admission/memory-bound.ts';
import type { RelayConfig } from '../config.ts';
import type { CloseCause, MessageKind, RelayObserver, SessionInfo } from '../observer.ts';
import { CloseHandshake } from './close.ts';
import { controlFrameBytes, encodeFrame, PING, PONG } from './frame.ts';
import { FrameReader, type Reader } from './frame-reader.ts';
import type { Hearing } from './hearing.ts';
import { Heartbeat, type HeartbeatTarget } from './heartbeat.ts';
import { Outlet, type Turn } from './outlet.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { TokenBucket } from './token-bucket.ts';

/** What all sessions of a relay share. */
export interface SessionContext {
  clock: Clock;
  /** By which share of the ping interval a client's second ping comes early, [0, 1). */
  pingPhase: (id: string) => number;
  config: Readonly<RelayConfig>;
  observer: RelayObserver;
  /** What a client is sent in one turn is written at its end; null: each frame at once. */
  turn: Turn | null;
  /** Shares the turns of the event loop among those who speak; null: there are none. */
  budget: ReadingBudget | null;
  memory: MemoryBound;
  hearing: Hearing;
  /** A whole message of an open session. The payload is only valid during the call. */
  onMessage(session: Session, payload: Buffer, binary: boolean): void;
  /** The session has just ended. Called once. */
  onEnd(session: Session, cause: CloseCause, code: number): void;
}

/** The id that it asked for or was given, and the name that it proved. */
export type Identity = Pick<SessionInfo, 'id' | 'name'>;

const LIMIT_CODES: readonly number[] = [POLICY_VIOLATION, MESSAGE_TOO_BIG];

export class Session implements SessionInfo, Reader, HeartbeatTarget, Opened {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly stream: Duplex;
  readonly openedAtMs: number;
  messagesIn = 0;
  messagesOut = 0;
  messagesDropped = 0;
  private readonly context: SessionContext;
  private readonly heartbeat: Heartbeat;
  /** Most clients are silent for long, and none is closing: neither is made before it is needed. */
  private closing: CloseHandshake | null = null;
  private bucket: TokenBucket | null = null;
  private readonly outlet: Outlet;
  private readonly frames: FrameReader;
  private isOpen = true;

  constructor(context: SessionContext, number: number, { id, name }: Identity, stream: Duplex) {
    const { clock, pingPhase, config } = context;
    this.number = number;
    this.id = id;
    this.name = name;
    this.stream = stream;
    this.openedAtMs = clock.now();
    this.context = context;
    this.outlet = new Outlet(stream, context);
    this.heartbeat = new Heartbeat(clock, pingPhase(id), config, this);
    this.frames = new FrameReader(stream, this, context);
  }

  /** Memory for what waits to be sent, and for what is unfinished or not dealt with yet. */
  get heldBytes(): number {
    return this.outlet.waitingBytes + this.frames.heldBytes;
  }

  /** All in all: the relay heard nobody, or did not read this client. */
  get unheardMs(): number {
    return this.context.hearing.deafMs + this.frames.pausedMs;
  }

  /** Memory is short. */
  letGo(): void {
    this.close('policy', TRY_AGAIN_LATER, 'the relay is short of memory');
    this.stream.destroy();
    this.frames.drop();
  }

  /** Ends the session for a reason of the relay's own. Ignored when it has ended already. */
  close(cause: CloseCause, code: number, reason?: string): void {
    if (!this.end(cause, code)) return;
    this.startClosing().start(code, reason);
  }

  /** The connection is gone. */
  streamOnClose(): void {
    this.frames.drop();
    this.end('reset', NO_CLOSE_FRAME);
    this.closing?.ended();
  }

  /**
   * Sends a finished frame, unless the session is over or its peer reads too slowly, which may end the
   * session.
   * @param bytes payload bytes, for the observer
   */
  deliver(frame: Buffer, bytes: number, kind: MessageKind): void {
    if (!this.isOpen) return;
    const { observer, config } = this.context;
    if (this.isClogged(frame)) {
      this.messagesDropped++;
      observer.messageDropped(this, bytes);
      if (config.slowClients === 'close') this.close('policy', TRY_AGAIN_LATER, 'reads too slowly');
      return;
    }
    this.outlet.send(frame);
    this.messagesOut++;
    observer.messageSent(this, bytes, kind);
  }

  messageOnRead(payload: Buffer, binary: boolean): void {
    if (!this.admitFrame(true)) return;
    this.messagesIn++;
    this.context.onMessage(this, payload, binary);
  }

  pingOnRead(payload: Buffer): void {
    if (this.admitFrame(false)) this.answerPing(payload);
  }

  pongOnRead(payload: Buffer): void {
    if (this.admitFrame(false)) this.takePong(payload);
  }

  /**
   * Takes a token for what has just come in; a peer without one is closed, and nothing more is read of it.
   */
  private admitFrame(isMessage: boolean): boolean {
    this.context.budget?.spend(this.frames, isMessage && this.isOpen);
    if (!this.isOpen) return false;
    const nowMs = this.context.clock.now();
    this.bucket ??= new TokenBucket(this.context.config.maxMessageRate, nowMs);
    if (this.bucket.take(nowMs)) return true;
    this.frames.stop();
    this.close('policy', POLICY_VIOLATION, 'too many messages');
    this.closing?.finish();
    return false;
  }

  peerOnClose(code: number): void {
    if (this.end('peer_closed', code)) this.startClosing().start(code === NO_CODE ? NORMAL_CLOSURE : code);
    this.closing?.finish();
  }

  peerOnViolation(code: number): void {
    this.close(LIMIT_CODES.includes(code) ? 'policy' : 'protocol_error', code);
    this.closing?.finish();
  }

  readingOnPause(): void {
    this.context.observer.readingPaused?.(this);
  }

  private startClosing(): CloseHandshake {
    const { clock, config } = this.context;
    this.closing = new CloseHandshake(clock, this.stream, config.closeTimeoutMs);
    return this.closing;
  }

  /** FIN is answered with FIN, behind what this turn has held back. */
  peerOnEnd(): void {
    this.outlet.flush();
    this.stream.end();
    if (this.end('peer_closed', NO_CLOSE_FRAME)) this.startClosing().awaitEnd();
  }

  private end(cause: CloseCause, code: number): boolean {
    if (!this.isOpen) return false;
    this.isOpen = false;
    this.heartbeat.stop();
    this.outlet.flush();
    this.context.onEnd(this, cause, code);
    return true;
  }

  pingOnTimeout(): void {
    this.close('ping_timeout', INTERNAL_ERROR, 'ping timeout');
  }

  /**
   * Not subject to the buffer's bound: a peer that reads nothing gets at most timeout / interval + 1 of them.
   */
  sendPing(payload: Buffer): void {
    this.outlet.send(encodeFrame(PING, payload));
    this.context.observer.pingSent(this, controlFrameBytes(payload, false));
  }

  /**
   * With the ping's own payload (RFC 6455 section 5.5.3), empty if that was. A peer that pings without
   * reading is not answered any more.
   */
  private answerPing(payload: Buffer): void {
    const frame = encodeFrame(PONG, payload);
    if (this.isClogged(frame)) return;
    this.outlet.send(frame);
    this.context.observer.pingAnswered(this, frame.length);
  }

  private takePong(payload: Buffer): void {
    const rttMs = this.heartbeat.pong(payload);
    if (rttMs !== null) this.context.observer.pongReceived(this, rttMs, controlFrameBytes(payload, true));
  }

  /** A frame that is larger than the bound still goes out when nothing else waits. */
  private isClogged(frame: Buffer): boolean {
    const waiting = this.outlet.waitingBytes;
    return waiting > 0 && waiting + frame.length > this.context.config.maxBufferedBytes;
  }
}
