/**
 * A listening socket as Linux has it: a SYN queue of connections whose handshake is under way, and an accept
 * queue of those that the process has not taken yet. The backlog bounds both (net/ipv4/tcp_input.c,
 * tcp_conn_request; include/net/sock.h, sk_acceptq_is_full).
 *
 * A full accept queue loses SYNs and the last ACK of a handshake without a word: the peer tries again by its
 * timers, and our SYN-ACK by its own. A full SYN queue is no end: a SYN cookie keeps nothing
 * (net/ipv4/syncookies.c, tcp_syncookies 1).
 *
 * Not modelled: window scale, which a cookie loses without timestamps (no connection here has any), the
 * pruning of young half-open connections, tcp_abort_on_overflow.
 */
import type { Timeline } from '../../kernel/timeline.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import { Packet, SYN } from '../wire/packet.ts';
import type { TcpEndpoint, TcpHandlers } from './endpoint.ts';

/** A new connection at a listener, after its handshake: returns what handles it. */
export type AcceptHandler = (endpoint: TcpEndpoint) => TcpHandlers;

/**
 * What became of a packet for which there was no room: a lost SYN, a lost last ACK, an answer by a cookie.
 */
export type Overflow = 'syn' | 'ack' | 'cookie';

export interface ListenSettings {
  /** As listen(2) takes it, somaxconn applied. The accept queue holds one more. */
  backlog: number;
  /** Whether the process takes connections now; when it does again, it calls `takeWaiting`. */
  isReady: () => boolean;
  onOverflow: (flow: number, what: Overflow) => void;
}

/** For who takes each connection as it comes. */
export const TAKES_ALL: ListenSettings = { backlog: Number.POSITIVE_INFINITY, isReady: () => true, onOverflow() {} };

/** Sizes that a cookie can tell of the peer's MSS, bytes (syncookies.c, msstab). */
const COOKIE_MSS = [1460, 1440, 1300, 536];
/** A cookie is good for two of its minutes-long periods at most (MAX_SYNCOOKIE_AGE, TCP_SYNCOOKIE_PERIOD). */
const COOKIE_US = 2 * 60_000 * US_PER_MS;
/** A cookie costs a kernel nothing; here each is an endpoint that was not begun, and the oldest goes. */
const MAX_COOKIES = 20_000;

interface Cookie {
  endpoint: TcpEndpoint;
  untilUs: number;
}

export class Listener {
  private readonly kernel: Timeline;
  private readonly accept: AcceptHandler;
  private readonly settings: ListenSettings;
  private readonly half = new Set<TcpEndpoint>();
  private readonly waiting: TcpEndpoint[] = [];
  private readonly cookies = new Map<number, Cookie>();

  constructor(kernel: Timeline, accept: AcceptHandler, settings: ListenSettings) {
    this.kernel = kernel;
    this.accept = accept;
    this.settings = settings;
  }

  /** How many connections the process has not taken yet. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** @param create an endpoint that is told when its handshake is over @returns the one to keep, if any */
  onSyn(syn: Packet, create: (onConnect: () => void) => TcpEndpoint): TcpEndpoint | null {
    const { backlog } = this.settings;
    if (this.isFull) {
      this.settings.onOverflow(syn.flow, 'syn');
      return null;
    }
    const endpoint = create(() => this.onEstablished(endpoint));
    if (this.half.size >= backlog) {
      this.settings.onOverflow(syn.flow, 'cookie');
      this.answerByCookie(syn, endpoint);
      return null;
    }
    this.half.add(endpoint);
    return endpoint;
  }

  /** The endpoint that the peer's ACK to a cookie makes; null: it holds none, or no room is left. */
  onAck({ flow, seq, ack }: Packet): TcpEndpoint | null {
    const cookie = this.cookies.get(flow);
    if (cookie === undefined || seq !== 1 || ack !== 1 || cookie.untilUs < this.kernel.nowUs) return null;
    return cookie.endpoint;
  }

  /** Whether a handshake may end now; if not, its last ACK is lost. */
  hasRoom({ flow }: TcpEndpoint): boolean {
    if (!this.isFull) return true;
    this.settings.onOverflow(flow, 'ack');
    return false;
  }

  /** The handshake is over or given up. */
  forget(endpoint: TcpEndpoint): void {
    this.half.delete(endpoint);
    this.cookies.delete(endpoint.flow);
  }

  /** Hands over those that wait, as long as the process takes them. */
  takeWaiting(): void {
    while (this.waiting.length > 0 && this.settings.isReady()) this.take(this.waiting.shift() as TcpEndpoint);
  }

  /** Nobody listens any more: handshakes are forgotten, who waits is reset. */
  close(): void {
    for (const endpoint of [...this.half]) endpoint.forget();
    for (const endpoint of this.waiting.splice(0)) endpoint.abort();
    this.cookies.clear();
  }

  private get isFull(): boolean {
    return this.waiting.length > this.settings.backlog;
  }

  private onEstablished(endpoint: TcpEndpoint): void {
    this.forget(endpoint);
    if (this.waiting.length === 0 && this.settings.isReady()) this.take(endpoint);
    else this.waiting.push(endpoint);
  }

  private take(endpoint: TcpEndpoint): void {
    endpoint.adopt(this.accept(endpoint));
  }

  private answerByCookie(syn: Packet, endpoint: TcpEndpoint): void {
    const { flow, window, tsval, mss, sackPermitted } = syn;
    const told = COOKIE_MSS.find((size) => size <= mss) ?? COOKIE_MSS[COOKIE_MSS.length - 1];
    endpoint.answerOnce(new Packet(flow, SYN, 0, 0, window, '', tsval, 0, told, sackPermitted && tsval > 0, null));
    this.cookies.delete(flow);
    this.cookies.set(flow, { endpoint, untilUs: this.kernel.nowUs + COOKIE_US });
    if (this.cookies.size > MAX_COOKIES) this.cookies.delete(this.cookies.keys().next().value as number);
  }
}
