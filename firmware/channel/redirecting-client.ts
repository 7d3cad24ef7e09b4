/**
 * A WebSocket client that goes where the relay sends it (RFC 9110 section 15.4), so many times at most and
 * never from TLS to plain TCP. For one attempt, as any client: the next one begins at the relay of the config
 * again. To the channel all of it is one opening handshake. A module of its own, since a program that follows
 * no redirects goes without it.
 *
 * The header lines of the config, which hold secrets, go to the relay's own host and port only, or to the
 * same host by TLS. User info in a Location is not used. Not done: dot segments of a relative Location.
 */
import type { Hal, TlsSettings } from 'hal';
import { type ServerUrl, splitServerUrl } from '../server-url.ts';
import { WebSocketClient, type WebSocketEnd, type WebSocketHandlers, type WebSocketTarget } from '../websocket/client.ts';
import type { TlsKeeper } from './tls-keeper.ts';

/** Not 300 and 303, which lead to something else than what was asked for. */
const STATUSES = [301, 302, 307, 308];
/** A name or an IPv4 address, or an IPv6 address. */
const HOST = /^[A-Za-z0-9._-]+$|^\[[0-9A-Fa-f:.]+\]$/;

export class RedirectingClient implements WebSocketHandlers {
  private readonly hal: Hal;
  private readonly home: WebSocketTarget;
  private readonly tlsKeeper: TlsKeeper;
  private readonly max: number;
  private readonly handlers: WebSocketHandlers;
  private target: WebSocketTarget;
  private client: WebSocketClient;
  private followed: number = 0;

  /**
   * @param home the relay of the config @param tls for it, null: plain TCP @param max redirects that are
   *   followed
   */
  constructor(hal: Hal, home: WebSocketTarget, tls: TlsSettings | null, tlsKeeper: TlsKeeper, max: number, handlers: WebSocketHandlers) {
    this.hal = hal;
    this.home = home;
    this.tlsKeeper = tlsKeeper;
    this.max = max;
    this.handlers = handlers;
    this.target = home;
    this.client = new WebSocketClient(hal, home, tls, this);
  }

  get blocked(): boolean {
    return this.client.blocked;
  }

  get heardAtMs(): number {
    return this.client.heardAtMs;
  }

  send(payload: string, binary: boolean): void {
    this.client.send(payload, binary);
  }

  ping(payload: string): number {
    return this.client.ping(payload);
  }

  destroy(): void {
    this.tlsKeeper.cancel();
    this.client.destroy();
  }

  webSocketOnTcp(): void {
    if (this.followed === 0) this.handlers.webSocketOnTcp();
  }

  webSocketOnOpen(): void {
    this.handlers.webSocketOnOpen();
  }

  webSocketOnMessage(payload: string, binary: boolean): void {
    this.handlers.webSocketOnMessage(payload, binary);
  }

  webSocketOnPong(payload: string): void {
    this.handlers.webSocketOnPong(payload);
  }

  webSocketOnDrain(): void {
    this.handlers.webSocketOnDrain();
  }

  webSocketOnEnd(end: WebSocketEnd): void {
    if (end.redirect === '' || STATUSES.indexOf(end.code) < 0) {
      this.handlers.webSocketOnEnd(end);
      return;
    }
    const url = splitServerUrl(resolve(end.redirect.split('#')[0], this.target));
    const problem = this.problemOf(url);
    if (url !== null && problem === '') {
      this.follow(url);
    } else {
      end.text += `, not followed: ${problem}`;
      this.handlers.webSocketOnEnd(end);
    }
  }

  private problemOf(url: ServerUrl | null): string {
    if (this.followed >= this.max) return `${this.max} were, which is all that "redirects" allows`;
    if (url === null || !HOST.test(url.host) || !(url.port > 0 && url.port < 65536) || /[^!-~]/.test(url.path + url.query))
      return 'not a URL for WebSockets';
    if (this.target.secure && !url.secure) return 'from wss to ws';
    return url.secure ? this.tlsKeeper.problem : '';
  }

  private follow({ secure, host, port, path, query }: ServerUrl): void {
    const { home } = this;
    const { askedProtocol, readDelayMs } = home;
    const isHome = host === home.host && (secure === home.secure ? port === home.port : secure);
    this.followed++;
    this.target = { secure, host, port, path: path + query, askedProtocol, headerLines: isHome ? home.headerLines : '', readDelayMs };
    this.hal.log.line(`channel: redirected to ${originOf(this.target)}${path}`);
    if (secure) this.tlsKeeper.prepare(host, port, (tls) => this.connect(tls));
    else this.connect(null);
  }

  private connect(tls: TlsSettings | null): void {
    this.client = new WebSocketClient(this.hal, this.target, tls, this);
  }
}

function originOf({ secure, host, port }: WebSocketTarget): string {
  return `${secure ? 'wss' : 'ws'}://${host}:${port}`;
}

/** RFC 3986 section 5.2; what is HTTP there is WebSocket here. */
function resolve(location: string, target: WebSocketTarget): string {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(location);
  if (scheme !== null) return scheme[0].toLowerCase().replace('http', 'ws') + location.substring(scheme[0].length);
  if (location.substring(0, 2) === '//') return (target.secure ? 'wss:' : 'ws:') + location;
  const origin = originOf(target);
  if (location.charAt(0) === '/') return origin + location;
  const base = target.path.split('?')[0];
  return origin + (location.charAt(0) === '?' ? base : base.substring(0, base.lastIndexOf('/') + 1)) + location;
}
