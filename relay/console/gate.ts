/**
 * Who may see the console. On loopback without a token: whoever is on this computer and calls it by its name, which a page whose name was made to point here (DNS
 * rebinding) does not. With a token: who shows it, in a header, in a form, or in `?token=`; a browser then keeps a cookie that is made of it, so that it outlives a restart.
 *
 * A stream, and a token by form, are only for pages of this very server. What is shown is compared in a time that tells nothing, and no address may try often.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from 'hal';
import { AddressLimits } from '../admission/address-limits.ts';
import { isAllowedOrigin } from '../admission/origins.ts';

/** A page and its stream come at once, and again after each lost connection; at 16 characters no guessing comes anywhere. Two seconds' worth at once. */
const MAX_ATTEMPTS_PER_S = 5;

/** `host`: called by a name that is not this computer's · `origin`: by the page of another server · `none`: no token · `wrong` · `often`: ask later. */
export type Verdict = 'ok' | 'host' | 'origin' | 'none' | 'wrong' | 'often';

export class Gate {
  readonly #token: string | null;
  readonly #attempts: AddressLimits;

  /** @param token null: the relay can be reached from this computer only */
  constructor(token: string | null, clock: Clock) {
    this.#token = token;
    this.#attempts = new AddressLimits(clock, Number.POSITIVE_INFINITY, MAX_ATTEMPTS_PER_S);
  }

  /** Whether there is a token to show. */
  get asks(): boolean {
    return this.#token !== null;
  }

  /** A request to look: by the cookie, or by `Authorization: Bearer TOKEN`. */
  judge(request: IncomingMessage): Verdict {
    if (this.#token === null) return isLoopback(nameOf(request.headers.host)) ? 'ok' : 'host';
    const cookie = readCookie(request.headers.cookie, cookieName(request));
    if (cookie !== null) {
      const verdict = this.#compare(request, cookie, cookieValue(this.#token));
      // Of another token than the relay has now: nobody has typed it.
      return verdict === 'wrong' ? 'none' : verdict;
    }
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    return bearer === undefined ? 'none' : this.judgeToken(request, bearer);
  }

  /** A request that a browser may have been made to send by another server's page. */
  judgePage(request: IncomingMessage): Verdict {
    return isSameOrigin(request) ? this.judge(request) : 'origin';
  }

  judgeToken(request: IncomingMessage, token: string): Verdict {
    return this.#compare(request, token, this.#token ?? '');
  }

  /** Lets a browser in from now on, until it is closed. */
  cookie(request: IncomingMessage): string {
    const secure = 'encrypted' in request.socket ? '; Secure' : '';
    return `${cookieName(request)}=${cookieValue(this.#token ?? '')}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  }

  #compare(request: IncomingMessage, shown: string, wanted: string): Verdict {
    const address = request.socket.remoteAddress ?? '';
    if (this.#attempts.enter(address) !== null) return 'often';
    this.#attempts.leave(address);
    const digest = (text: string) => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(shown), digest(wanted)) ? 'ok' : 'wrong';
  }
}

export function isSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && isAllowedOrigin(origin, host, []);
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

function readCookie(header: string | undefined, name: string): string | null {
  const pair = header?.split('; ').find((one) => one.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? null;
}

/** Who reads it in a browser's files does not have the token. */
function cookieValue(token: string): string {
  return createHmac('sha256', token).update('squall console').digest('hex');
}
