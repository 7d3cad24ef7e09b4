/**
 * One connection through a balancer: the client's, which ends here, and one to the relay on its behalf.
 *
 * In HTTP mode the request is read before the relay is asked, and its answer before the client hears: so a
 * client is connected whatever the relay does, and gets a status when that does nothing. Once either side
 * ends, both do, in order, even if it was by RST (as measured at nginx 1.22 and HAProxy 2.6).
 */
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { TcpEnd, TcpEndpoint, TcpHandlers } from '../tcp/endpoint.ts';
import { answer, MAX_HEAD_BYTES, splitHead, statusOf, withoutUpgrade } from './http-head.ts';
import { Pipe } from './pipe.ts';
import type { BalancerSettings } from './settings.ts';

const BAD_REQUEST = 400;
const BAD_GATEWAY = 502;
const SWITCHING_PROTOCOLS = 101;

export interface ConnectionParts {
  kernel: Timeline;
  /** Opens the connection to the relay; null: no port is left for one. */
  dial(handlers: TcpHandlers): TcpEndpoint | null;
  /** Of its own luck: what is taken off the lifetime, a share of the spread. */
  lifetimeShare: number;
  settings: BalancerSettings;
  /** RST before the relay's first byte is its refusal. */
  refusesLate: boolean;
  /** It has answered in the relay's stead. */
  onRefused(status: number): void;
  /** It is over, and may be forgotten. */
  onOver(): void;
}

/**
 * `request`: the client's head is awaited. `answer`: the relay's, or its TCP. `held`: that is there and held
 * back. `open`: bytes pass.
 */
type State = 'request' | 'answer' | 'held' | 'open' | 'over';

export class BalancedConnection implements TcpHandlers {
  private readonly parts: ConnectionParts;
  private readonly client: TcpEndpoint;
  private readonly bornAtUs: number;
  private readonly idle: LazyTimer;
  private readonly lifetime: LazyTimer;
  /** Of the relay's answer, of the wait before a status, of what is held back. */
  private readonly waiting: LazyTimer;
  private onWaited: () => void = () => {};
  private readonly readsHttp: boolean;
  private settings: BalancerSettings;
  private state: State = 'request';
  private relay: TcpEndpoint | null = null;
  private up: Pipe | null = null;
  private down: Pipe | null = null;
  private request = '';
  private reply = '';
  /** An answer that is not an upgrade: the next byte of the client is of no use. */
  private isLast = false;
  private lastPassedUs: number;

  constructor(client: TcpEndpoint, parts: ConnectionParts) {
    const { kernel, settings } = parts;
    this.client = client;
    this.parts = parts;
    this.settings = settings;
    this.readsHttp = settings.mode === 'http';
    this.bornAtUs = kernel.nowUs;
    this.lastPassedUs = kernel.nowUs;
    this.idle = new LazyTimer(kernel, () => this.onIdle());
    this.lifetime = new LazyTimer(kernel, () => this.expire());
    this.waiting = new LazyTimer(kernel, () => this.onWaited());
  }

  /** To be called when it is the client's handler. */
  start(): void {
    this.setSettings(this.settings);
    if (!this.readsHttp) this.dial();
    this.onReadable();
  }

  setSettings(settings: BalancerSettings): void {
    this.settings = settings;
    if (this.state === 'over') return;
    const { idleCloseMs, maxLifetimeMs, lifetimeSpreadMs } = settings;
    const { nowUs } = this.parts.kernel;
    if (idleCloseMs === 0) this.idle.disarm();
    else this.idle.arm(Math.max(nowUs, this.lastPassedUs + usFromMs(idleCloseMs)));
    if (maxLifetimeMs === 0) this.lifetime.disarm();
    else {
      const ageMs = Math.max(0, maxLifetimeMs - lifetimeSpreadMs * this.parts.lifetimeShare);
      this.lifetime.arm(Math.max(nowUs, this.bornAtUs + usFromMs(ageMs)));
    }
  }

  onConnect(): void {}

  /** The client has said something, or that it says no more. */
  onReadable(): void {
    const { client, state } = this;
    if (client.readableBytes > 0) this.touch();
    if (state === 'request') this.readRequest();
    else if (state === 'open') this.passUp();
    else if (client.atEnd) this.end();
  }

  onDrain(): void {
    if (this.down?.drain()) this.touch();
    this.endWhenDone();
  }

  onClose(end: TcpEnd): void {
    if (end === '' && this.state === 'open') this.up?.flush();
    this.end();
  }

  private passUp(): void {
    if (this.isLast) this.client.read(Number.POSITIVE_INFINITY);
    else if (this.up?.pump()) this.touch();
    this.endWhenDone();
  }

  private readRequest(): void {
    const { client } = this;
    if (client.readableBytes > 0) this.request += client.read(MAX_HEAD_BYTES);
    const split = splitHead(this.request);
    if (split !== null) {
      if (this.settings.upgrade === 'drop') this.request = withoutUpgrade(split.head) + split.rest;
      this.dial();
    } else if (this.request.length >= MAX_HEAD_BYTES) this.refuse(BAD_REQUEST);
    else if (client.atEnd) this.end();
  }

  private dial(): void {
    this.state = 'answer';
    if (this.readsHttp)
      this.wait(this.settings.answerTimeoutMs, () => {
        this.hangUp();
        this.refuse(this.settings.timeoutStatus);
      });
    const onConnect = (): void => this.relayOnConnect();
    const onReadable = (): void => this.relayOnReadable();
    this.relay = this.parts.dial({ onConnect, onReadable, onDrain: () => this.relayOnDrain(), onClose: (end) => this.relayOnClose(end) });
    if (this.relay === null) {
      this.relayOnClose('refused'); // EADDRNOTAVAIL, which nginx and HAProxy take for a relay that is away
      return;
    }
    this.up = new Pipe(this.client, this.relay);
    this.down = new Pipe(this.relay, this.client);
  }

  private relayOnConnect(): void {
    if (!this.readsHttp) this.open();
    else this.relay?.write(this.request);
    this.request = '';
  }

  private relayOnReadable(): void {
    if (this.state === 'answer') this.readReply();
    else if (this.state === 'open') this.passDown();
  }

  private readReply(): void {
    const { relay } = this;
    if (relay === null) return;
    if (relay.readableBytes > 0) this.reply += relay.read(MAX_HEAD_BYTES);
    const split = splitHead(this.reply);
    if (split !== null) {
      this.isLast = statusOf(split.head) !== SWITCHING_PROTOCOLS;
      this.state = 'held';
      if (this.settings.handshakeDelayMs > 0) this.wait(this.settings.handshakeDelayMs, () => this.open());
      else this.open();
    } else if (relay.atEnd || this.reply.length >= MAX_HEAD_BYTES) {
      this.hangUp();
      this.refuse(BAD_GATEWAY);
    }
  }

  /** From here on bytes pass, those that were held back first. */
  private open(): void {
    this.state = 'open';
    this.waiting.disarm();
    this.touch();
    if (this.reply !== '') this.client.write(this.reply);
    this.reply = '';
    this.passUp();
    if (this.state === 'open') this.passDown();
  }

  private passDown(): void {
    if (this.down?.pump()) this.touch();
    this.endWhenDone();
  }

  private relayOnDrain(): void {
    if (this.state === 'open' && this.up?.drain()) this.touch();
    this.endWhenDone();
  }

  private relayOnClose(end: TcpEnd): void {
    const { state, settings } = this;
    if (state === 'open') {
      this.down?.flush();
      this.relay = null;
      this.end();
    } else if (state === 'answer') {
      this.relay = null;
      if (!this.readsHttp) this.end('rst');
      else if (end === 'refused' || (end === 'reset' && this.parts.refusesLate && this.reply === ''))
        this.wait(settings.awayDelayMs, () => this.refuse(settings.awayStatus));
      else this.refuse(BAD_GATEWAY);
    } else if (state === 'held') this.relay = null; // what it said is passed on in its time
  }

  private endWhenDone(): void {
    if (this.state !== 'open') return;
    if (this.relay === null) this.down?.flush();
    if (this.relay === null || this.down?.atEnd || (this.up?.atEnd && !this.isLast)) this.end();
  }

  /** A relay that does not answer has a limit of its own. */
  private onIdle(): void {
    if (this.state === 'request' || this.state === 'open') this.expire();
  }

  /** Idle for too long, or too old. */
  private expire(): void {
    const { closeWith, closeRelayWith } = this.settings;
    if (closeWith === 'late_rst') {
      this.over();
      this.client.forget();
      this.relay?.forget();
    } else this.end(closeWith, closeRelayWith);
  }

  private refuse(status: number): void {
    this.parts.onRefused(status);
    this.client.write(answer(status));
    this.end();
  }

  private end(client: 'fin' | 'rst' = 'fin', relay: 'fin' | 'rst' = 'fin'): void {
    if (this.state === 'over') return;
    this.over();
    if (client === 'rst') this.client.abort();
    else this.client.release();
    if (relay === 'rst') this.relay?.abort();
    else this.relay?.release();
  }

  /** The relay is given up; the client is told something of its own. */
  private hangUp(): void {
    const { relay } = this;
    this.relay = null;
    this.state = 'held'; // what the relay still says is for nobody
    relay?.release();
  }

  private over(): void {
    this.state = 'over';
    this.idle.disarm();
    this.lifetime.disarm();
    this.waiting.disarm();
    this.parts.onOver();
  }

  /** A byte has passed. */
  private touch(): void {
    this.lastPassedUs = this.parts.kernel.nowUs;
    if (this.settings.idleCloseMs > 0) this.idle.arm(this.lastPassedUs + usFromMs(this.settings.idleCloseMs));
  }

  private wait(ms: number, then: () => void): void {
    this.onWaited = then;
    this.waiting.arm(this.parts.kernel.nowUs + usFromMs(ms));
  }
}
