/**
 * What a board's channel does, read off its sockets, for firmware that says nothing of it: the HTTP head and
 * the frames (RFC 6455) that pass through a socket, unchanged, told by the events of firmware/events.ts. So
 * metrics mean the same, whoever tells.
 *
 * Every connection is taken for a channel, since all lead to the relay. Not seen: messages that the firmware
 * holds back or refuses (one is sent when it is written), and why it gave up a connection; its own
 * keepalive's doing is `peer_closed`.
 */
import { causeOf } from 'firmware/channel/cause';
import type { ChannelCause, ChannelState } from 'firmware/events';
import { CLOSE_NO_CODE, decodeCloseCode } from 'firmware/websocket/close';
import { OPCODE_BINARY, OPCODE_CLOSE, OPCODE_CONTINUATION, OPCODE_PING, OPCODE_PONG, OPCODE_TEXT } from 'firmware/websocket/frame';
import type { NetError, Socket, SocketHandlers } from 'hal';
import type { EventName } from '../kernel/events.ts';
import { FrameScanner, type ScannedFrame } from '../net/wire/frame-scanner.ts';

/** Pings whose pong is waited for; firmware that sends more without an answer is not measuring. */
const MAX_PINGS = 16;
const SWITCHING_PROTOCOLS = 101;
const CODE_BYTES = 2;

export interface ChannelWatchParts {
  /** Which of the board's connections it is. */
  connection: number;
  /** Of the firmware. */
  handlers: SocketHandlers;
  nowMs: () => number;
  say: (event: EventName, connection: number, subject: string, detail: string, value: number) => void;
}

/** What an end that is not the server's own has of the rest. */
const NO_WORDS = { code: 0, text: '', error: '', retryAfterMs: 0, redirect: '' } as const;

/** A message of one way, in one frame or several. */
class Message {
  kind: 'text' | 'binary' = 'text';
  bytes = 0;

  /** @returns whether it is whole with this frame */
  take({ opcode, fin, payloadBytes }: ScannedFrame): boolean {
    if (opcode === OPCODE_TEXT || opcode === OPCODE_BINARY) {
      this.kind = opcode === OPCODE_TEXT ? 'text' : 'binary';
      this.bytes = 0;
    } else if (opcode !== OPCODE_CONTINUATION) return false;
    this.bytes += payloadBytes;
    return fin;
  }
}

/** Stands between the firmware's handlers and a socket. */
export class ChannelWatch implements Socket, SocketHandlers {
  private readonly parts: ChannelWatchParts;
  private socket: Socket | null = null;
  private state: ChannelState = 'tcp';
  private readonly sent = new Message();
  private readonly received = new Message();
  /** What is being read: an answer that refuses says why in its body. */
  private reading = '';
  private readonly pingsAtMs = new Map<string, number>();
  private readonly up = new FrameScanner({ onHead: () => {}, onFrame: (frame) => this.onSentFrame(frame) });
  private readonly down = new FrameScanner({ onHead: (head) => this.onAnswer(head), onFrame: (frame) => this.onReceivedFrame(frame) });

  constructor(parts: ChannelWatchParts) {
    this.parts = parts;
  }

  /**
   * @param socket whose handlers these are; it has called none yet @returns what the firmware uses in its
   *   stead
   */
  attach(socket: Socket): Socket {
    this.socket = socket;
    this.enter('tcp', '');
    return this;
  }

  write(bytes: string): boolean {
    this.up.push(Buffer.from(bytes, 'latin1'));
    return this.socket?.write(bytes) ?? true;
  }

  end(): void {
    this.socket?.end();
  }

  destroy(): void {
    this.leave('peer_closed');
    this.socket?.destroy();
  }

  pause(): void {
    this.socket?.pause();
  }

  resume(): void {
    this.socket?.resume();
  }

  onConnect(): void {
    this.enter('handshake', '');
    this.parts.handlers.onConnect();
  }

  onData(bytes: string): void {
    this.reading = bytes;
    this.down.push(Buffer.from(bytes, 'latin1'));
    this.parts.handlers.onData(bytes);
  }

  onDrain(): void {
    this.parts.handlers.onDrain();
  }

  onClose(error: NetError | null): void {
    const end = error === null ? ({ kind: 'fin' } as const) : ({ kind: 'net', error: error.kind } as const);
    this.leave(causeOf({ ...NO_WORDS, ...end }, this.state === 'open'));
    this.parts.handlers.onClose(error);
  }

  private onAnswer(head: string): void {
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
    if (status === SWITCHING_PROTOCOLS) this.enter('open', '');
    else this.leave(causeOf({ ...NO_WORDS, kind: 'http', text: this.reading }, false));
  }

  private onSentFrame(frame: ScannedFrame): void {
    if (this.sent.take(frame)) {
      this.say('message.sent', this.sent.kind, this.sent.bytes);
      this.say('message.written', '', this.sent.bytes);
    }
    if (frame.opcode !== OPCODE_PING) return;
    if (this.pingsAtMs.size < MAX_PINGS) this.pingsAtMs.set(frame.control.toString('latin1'), this.parts.nowMs());
    this.say('ping.sent', '', frame.frameBytes);
  }

  private onReceivedFrame(frame: ScannedFrame): void {
    const { opcode } = frame;
    const body = frame.control.toString('latin1');
    if (this.received.take(frame)) this.say('message.received', this.received.kind, this.received.bytes);
    if (opcode === OPCODE_PONG) this.onPong(body);
    if (opcode !== OPCODE_CLOSE) return;
    const code = body.length < CODE_BYTES ? CLOSE_NO_CODE : decodeCloseCode(body);
    const text = body.slice(CODE_BYTES);
    this.leave(causeOf({ ...NO_WORDS, kind: 'close', code, text }, true));
  }

  private onPong(payload: string): void {
    const sentAtMs = this.pingsAtMs.get(payload);
    if (sentAtMs === undefined) return;
    this.pingsAtMs.delete(payload);
    this.say('pong.received', '', this.parts.nowMs() - sentAtMs);
  }

  /** The first end counts. */
  private leave(cause: ChannelCause): void {
    if (this.state === 'waiting' || this.state === 'wifi') return;
    this.enter(cause === 'wifi_lost' ? 'wifi' : 'waiting', cause);
  }

  private enter(state: ChannelState, cause: ChannelCause | ''): void {
    this.state = state;
    this.parts.say('channel.state', this.parts.connection, state, cause, 0);
  }

  private say(event: EventName, subject: string, value: number): void {
    this.parts.say(event, this.parts.connection, subject, '', value);
  }
}
