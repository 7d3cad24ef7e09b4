/**
 * The channel: a WebSocket to the relay that is always there or coming back. The one state machine of the
 * firmware:
 *
 *   wifi -> tcp -> handshake -> open, and from each of them to waiting (for the backoff) or, when Wi-Fi is
 *   lost, to wifi.
 *
 * The app never waits: `send` accepts a message or refuses it, at once. What was accepted leaves in order as
 * soon as the channel is open and the socket takes it; it outlives reconnects until it has been handed to a
 * socket, and is lost with that socket (there is no acknowledgement in WebSocket, and none is modelled on
 * top). Wi-Fi that is joined but leads nowhere is left and joined anew after so many connects that nobody
 * answered.
 */
import type { Hal, TlsFailure, TlsSettings } from 'hal';
import type { DeviceConfig } from '../config.ts';
import type { ChannelCause, ChannelState, MessageRefusal } from '../events.ts';
import {
  MESSAGE_MAX_BYTES,
  WebSocketClient,
  type WebSocketEnd,
  type WebSocketHandlers,
  type WebSocketTarget,
} from '../websocket/client.ts';
import { isUtf8 } from '../websocket/utf8.ts';
import { Backoff } from './backoff.ts';
import { causeOf } from './cause.ts';
import { Keepalive, type KeepaliveLink } from './keepalive.ts';
import { Outbox } from './outbox.ts';
import { RedirectingClient } from './redirecting-client.ts';
import { targetOf } from './target.ts';
import { TlsKeeper } from './tls-keeper.ts';
import { WifiKeeper, type WifiKeeperHandlers } from './wifi-keeper.ts';

/**
 * A channel must have been open this long, ms, before the backoff starts over: a relay that accepts and
 * closes at once is not to be hammered.
 */
export const STABLE_OPEN_MS = 10000;
/** The longest Retry-After that is honoured, ms: a mistaken header must not silence a board for a day. */
export const RETRY_AFTER_MAX_MS = 300000;
/**
 * A character above one byte. Native on both engines: looking at 64 KiB takes Espruino 5 ms so, and seven
 * seconds by `charCodeAt`. In two ranges, since Espruino's escapes are signed on some processors.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all bytes are meant
const NOT_BYTES = /[^\x00-\x7f\x80-\xff]/;

export type MessageHandler = (data: string, binary: boolean) => void;
export type StateHandler = (state: ChannelState, cause: ChannelCause | '') => void;

export interface Channel {
  /**
   * Accepts a message or refuses it, at once: it never blocks and never throws.
   *
   * @param data one character per byte, at most MESSAGE_MAX_BYTES (64 KiB). Text is its UTF-8 bytes: ASCII as
   *   it stands, anything else (`ü`, `°`) by `utf8Encode` of firmware/websocket/utf8
   * @param binary default false: a text message
   * @returns true: it leaves in order, now or when the channel is open again; it is lost only with the socket
   *   that has taken it. False: refused, nothing of it is sent; `message.dropped` of ../events.ts says why,
   *   the console says so once until a message is accepted again, and `sim` and `firmware run` count it in
   *   `messages_refused`. Without a word only while the firmware is stopping.
   */
  send(data: string, binary?: boolean): boolean;
  /**
   * One handler (a second call replaces it) for messages from the relay, in order; same form as in `send`.
   */
  onMessage(handler: MessageHandler): void;
  /**
   * One handler (a second call replaces it), called after each change of state; the cause is '' on the way
   * up.
   */
  onState(handler: StateHandler): void;
  state(): ChannelState;
}

/**
 * Makes the channel of a board and starts it: the first change of state comes after this call has returned.
 * `hal.wifi.onDisconnected` and `hal.system.onStop` belong to it from then on.
 *
 * @param config from `parseConfig`
 */
export function createChannel(hal: Hal, config: DeviceConfig): Channel {
  return new BoardChannel(hal, config);
}

class BoardChannel implements Channel, WebSocketHandlers, KeepaliveLink, WifiKeeperHandlers {
  private readonly hal: Hal;
  private readonly target: WebSocketTarget;
  /** Null for `ws://` that no redirect can leave. */
  private readonly tls: TlsKeeper | null;
  private readonly maxRedirects: number;
  private readonly rejoinAfter: number;
  /** Connects in a row that nobody answered, not even with an RST. */
  private unanswered: number = 0;
  private readonly wifiKeeper: WifiKeeper;
  private readonly keepalive: Keepalive;
  private readonly outbox: Outbox;
  private readonly wifiBackoff: Backoff;
  private readonly relayBackoff: Backoff;
  private socket: WebSocketClient | RedirectingClient | null = null;
  private current: ChannelState = 'waiting';
  private openedAtMs: number = 0;
  private stopped: boolean = false;
  /** Why the latest message was refused; '' when it was accepted. */
  private refusal: MessageRefusal | '' = '';
  private messageHandler: MessageHandler | null = null;
  private stateHandler: StateHandler | null = null;
  /** Bound once: `outbox.shift` is called for every queued message. */
  private readonly hand: MessageHandler = (data, binary) => this.write(data, binary);

  constructor(hal: Hal, config: DeviceConfig) {
    this.hal = hal;
    this.target = targetOf(config, hal.crypto);
    this.maxRedirects = config.redirects;
    this.tls = this.target.secure || config.redirects > 0 ? new TlsKeeper(hal, config) : null;
    this.rejoinAfter = config.wifi.rejoin_after || Infinity;
    this.wifiKeeper = new WifiKeeper(hal, config.wifi, this);
    this.keepalive = new Keepalive(hal.clock, config.keepalive.ping_interval_ms, config.keepalive.ping_timeout_ms, this);
    this.outbox = new Outbox(config.outbox);
    this.wifiBackoff = new Backoff(config.backoff, hal.random);
    this.relayBackoff = new Backoff(config.backoff, hal.random);
    hal.wifi.onDisconnected((reason) => this.wifiOnDisconnected(reason));
    hal.system.onStop(() => {
      this.stopped = true;
    });
    if (hal.system.offerSend !== undefined) hal.system.offerSend((data, binary) => this.send(data, binary));
    if (this.tls === null || this.tls.problem === '' || !this.target.secure) hal.clock.setTimeout(() => this.begin(), 0);
    else hal.log.line(`channel: not started: ssl: ${this.tls.problem}`);
  }

  send(data: string, binary: boolean = false): boolean {
    if (this.stopped) return false;
    if (typeof data !== 'string') return this.refuse('not_string', 0);
    if (data.length > MESSAGE_MAX_BYTES) return this.refuse('too_big', data.length);
    if (binary ? NOT_BYTES.test(data) : !isUtf8(data)) return this.refuse(binary ? 'not_bytes' : 'not_utf8', data.length);
    const direct = this.outbox.isEmpty() && this.isWritable();
    if (!direct && !this.outbox.add(data, binary)) return this.refuse('outbox_full', data.length);
    this.refusal = '';
    this.hal.log.event('message.sent', binary ? 'binary' : 'text', '', data.length);
    if (direct) this.write(data, binary);
    return true;
  }

  onMessage(handler: MessageHandler): void {
    this.messageHandler = handler;
  }

  onState(handler: StateHandler): void {
    this.stateHandler = handler;
  }

  state(): ChannelState {
    return this.current;
  }

  wifiKeeperOnJoined(): void {
    this.wifiBackoff.reset();
    this.enter('tcp', '', '', 0);
  }

  wifiKeeperOnFailed(reason: string): void {
    this.enter('waiting', 'unreachable', `Wi-Fi: ${reason}`, this.wifiBackoff.next());
  }

  webSocketOnTcp(): void {
    this.enter('handshake', '', '', 0);
  }

  webSocketOnOpen(): void {
    this.enter('open', '', '', 0);
  }

  webSocketOnMessage(payload: string, binary: boolean): void {
    this.hal.log.event('message.received', binary ? 'binary' : 'text', '', payload.length);
    if (this.messageHandler !== null) this.messageHandler(payload, binary);
  }

  webSocketOnPong(payload: string): void {
    const rttMs = this.keepalive.pongRtt(payload);
    if (rttMs >= 0) this.hal.log.event('pong.received', '', '', rttMs);
  }

  webSocketOnDrain(): void {
    this.flush();
  }

  webSocketOnEnd(end: WebSocketEnd): void {
    const cause = causeOf(end, this.current === 'open');
    if (end.error === 'tls' && this.tls !== null) end.text = this.tls.failed(end.text as TlsFailure);
    this.leave(cause, end.code > 0 && end.kind !== 'http' ? `${end.code} ${end.text}` : end.text, end.retryAfterMs);
  }

  heardAtMs(): number {
    return this.socket === null ? 0 : this.socket.heardAtMs;
  }

  sendPing(payload: string): void {
    if (this.socket !== null) this.hal.log.event('ping.sent', '', '', this.socket.ping(payload));
  }

  keepaliveOnDead(): void {
    // No closing handshake: nobody would hear it, and the socket is wanted for the next attempt.
    this.dropSocket();
    this.leave('board_ping_timeout', 'nothing heard', 0);
  }

  private wifiOnDisconnected(reason: string): void {
    // While joining the keeper knows better, while waiting there is nothing to lose.
    if (this.current !== 'wifi' && this.current !== 'waiting') this.leave('wifi_lost', reason, 0);
  }

  /** The end of an attempt or of an open channel, whatever brought it. */
  private leave(cause: ChannelCause, detail: string, retryAfterMs: number): void {
    const stable = this.current === 'open' && this.hal.clock.now() - this.openedAtMs >= STABLE_OPEN_MS;
    if (stable) this.relayBackoff.reset();
    // An RST, or anything else that was heard, proves that Wi-Fi leads somewhere.
    const unanswered = this.current === 'tcp' && (cause === 'timeout' || cause === 'unreachable');
    this.unanswered = unanswered ? this.unanswered + 1 : 0;
    if (cause === 'wifi_lost' || !this.hal.wifi.isConnected()) {
      this.enter('wifi', 'wifi_lost', detail, 0);
    } else {
      // Retry-After is a lower bound; the backoff comes on top, since a relay tells a whole herd the same
      // second.
      this.enter('waiting', cause, detail, Math.min(retryAfterMs, RETRY_AFTER_MAX_MS) + this.relayBackoff.next());
    }
  }

  private begin(): void {
    const leadsNowhere = this.unanswered >= this.rejoinAfter;
    if (leadsNowhere) this.hal.log.line(`channel: no answer to ${this.unanswered} connects, joining Wi-Fi anew`);
    this.enter(this.hal.wifi.isConnected() && !leadsNowhere ? 'tcp' : 'wifi', '', '', 0);
  }

  /**
   * Every change of state comes through here: it is announced, then the new state's work begins, then the app
   * hears of it.
   */
  private enter(next: ChannelState, cause: ChannelCause | '', detail: string, waitMs: number): void {
    this.announce(next, cause, detail, waitMs);
    this.current = next;
    this.keepalive.stop();
    switch (next) {
      case 'wifi':
        this.unanswered = 0;
        this.dropSocket();
        this.wifiKeeper.start();
        break;
      case 'tcp':
        this.dropSocket();
        if (this.tls === null || !this.target.secure) this.connect(null);
        else this.tls.prepare(this.target.host, this.target.port, (tls) => this.connect(tls));
        break;
      case 'handshake':
        break;
      case 'open':
        this.openedAtMs = this.hal.clock.now();
        this.keepalive.start();
        this.flush();
        break;
      case 'waiting':
        this.hal.clock.setTimeout(() => this.begin(), waitMs);
        break;
    }
    if (this.stateHandler !== null) this.stateHandler(next, cause);
  }

  private connect(tls: TlsSettings | null): void {
    const { hal, target, maxRedirects } = this;
    if (maxRedirects > 0) this.socket = new RedirectingClient(hal, target, tls, this.tls as TlsKeeper, maxRedirects, this);
    else this.socket = new WebSocketClient(hal, target, tls, this);
  }

  private announce(next: ChannelState, cause: ChannelCause | '', detail: string, waitMs: number): void {
    const wait = next === 'waiting' ? ` ${(waitMs / 1000).toFixed(1)}s` : '';
    const why = cause === '' ? '' : ` (${cause.replace(/_/g, ' ')}${detail === '' ? '' : `: ${printable(detail)}`})`;
    this.hal.log.line(`channel: ${this.current} -> ${next}${wait}${why}`);
    this.hal.log.event('channel.state', next, cause, waitMs);
  }

  private isWritable(): boolean {
    return this.current === 'open' && this.socket !== null && !this.socket.blocked;
  }

  private flush(): void {
    while (!this.outbox.isEmpty() && this.isWritable()) this.outbox.shift(this.hand);
  }

  private write(data: string, binary: boolean): void {
    this.hal.log.event('message.written', '', '', data.length);
    if (this.socket !== null) this.socket.send(data, binary);
  }

  private refuse(why: MessageRefusal, bytes: number): boolean {
    // A line for the first of several alike: a flood of them would hold up the board.
    if (why !== this.refusal) this.hal.log.line(`channel: message refused (${why.replace(/_/g, ' ')})`);
    this.refusal = why;
    this.hal.log.event('message.dropped', '', why, bytes);
    return false;
  }

  /**
   * Also ends the moment in which an ended client still waits for the server's FIN: a board has few sockets.
   */
  private dropSocket(): void {
    if (this.tls !== null) this.tls.cancel();
    if (this.socket !== null) this.socket.destroy();
    this.socket = null;
  }
}

/** The peer's words on one line of a log. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, '?');
}
