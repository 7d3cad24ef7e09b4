/**
 * Who may see the console. On loopback without a token: whoever is on this computer and calls it by its name,
 * which a page whose name was made to point here (DNS rebinding) does not, nor whoever comes by a reverse
 * proxy. With a token: who shows it, in a header, in a form, or in `?token=`; a browser then keeps a cookie
 * that is made of it, so that it outlives a restart.
 *
 * A stream, and a token by form, are only for pages of this very server. What is shown is compared in a time
 * that tells nothing, and no address may try often; but the right cookie gets in however often others behind
 * its address have tried, which is why a cookie costs so much to make up.
 */
import { createHash, scryptSync, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from 'hal';
import { AddressLimits } from '../admission/address-limits.ts';
import { addressOf, hostOf, isForwarded, isSecure } from '../admission/forwarded.ts';
import { isAllowedOrigin } from '../admission/origins.ts';

/**
 * A page and its stream come at once, and again after each lost connection; at 16 characters no guessing
 * comes anywhere. Two seconds' worth at once.
 */
const MAX_ATTEMPTS_PER_S = 5;

/** Bytes: 64 characters. */
const COOKIE_BYTES = 32;

/**
 * `host`: called by a name that is not this computer's · `proxy`: by a proxy, without a token · `origin`: by
 * the page of another server · `none`: no token · `wrong` · `often`: ask later.
 */
export type Verdict = 'ok' | 'host' | 'proxy' | 'origin' | 'none' | 'wrong' | 'often';

export class Gate {
  private readonly token: string | null;
  private readonly cookieValue: string;
  private readonly attempts: AddressLimits;

  /** @param token null: the relay can be reached from this computer only */
  constructor(token: string | null, clock: Clock) {
    this.token = token;
    this.cookieValue = token === null ? '' : cookieValueOf(token);
    this.attempts = new AddressLimits(clock, Number.POSITIVE_INFINITY, MAX_ATTEMPTS_PER_S);
  }

  /** Whether there is a token to show. */
  get asks(): boolean {
    return this.token !== null;
  }

  /** A request to look: by the cookie, or by `Authorization: Bearer TOKEN`. */
  judge(request: IncomingMessage): Verdict {
    if (this.token === null) {
      if (isForwarded(request)) return 'proxy';
      return isLoopback(nameOf(hostOf(request))) ? 'ok' : 'host';
    }
    const cookies = readCookies(request.headers.cookie, cookieName(request));
    if (cookies.some((cookie) => isSame(cookie, this.cookieValue))) return 'ok';
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.judgeToken(request, bearer);
    // Of another token than the relay has now: nobody has typed it.
    return cookies.length > 0 && this.triesOften(request) ? 'often' : 'none';
  }

  /** A request that a browser may have been made to send by another server's page. */
  judgePage(request: IncomingMessage): Verdict {
    return isSameOrigin(request) ? this.judge(request) : 'origin';
  }

  judgeToken(request: IncomingMessage, token: string): Verdict {
    if (this.triesOften(request)) return 'often';
    return isSame(token, this.token ?? '') ? 'ok' : 'wrong';
  }

  /** Lets a browser in from now on, until it is closed. */
  cookie(request: IncomingMessage): string {
    const secure = isSecure(request.socket) ? '; Secure' : '';
    return `${cookieName(request)}=${this.cookieValue}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  }

  private triesOften({ socket }: IncomingMessage): boolean {
    const address = addressOf(socket) ?? '';
    if (this.attempts.enter(address) !== null) return true;
    this.attempts.leave(address);
    return false;
  }
}

/** In a time that does not tell how much of it is right. */
function isSame(shown: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(wanted));
}

export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  return origin !== undefined && isAllowedOrigin(origin, hostOf(request), []);
}

/** Whether only this computer can be meant. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function nameOf(host = ''): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

/** Browsers do not keep ports apart. */
function cookieName({ socket }: IncomingMessage): string {
  return `squall_console_${socket.localPort ?? 0}`;
}

/**
 * All of that name: a browser has one for each path and domain that has set it, oldest first, and what it
 * sends may have come through others' hands.
 */
function readCookies(header = '', name: string): string[] {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

/**
 * Who reads it in a browser's files does not have the token, and to find a token by its cookie costs some 40
 * ms of computing for each guess (RFC 7914).
 */
function cookieValueOf(token: string): string {
  return scryptSync(token, 'squall console', COOKIE_BYTES).toString('hex');
}
