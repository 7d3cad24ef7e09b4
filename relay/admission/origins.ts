/**
 * Which web pages may open a WebSocket: a browser says in `Origin` where the page comes from (RFC 6454, RFC
 * 6455 section 10.2), and no page can change that.
 *
 * Without this any page that somebody in the boards' network looks at could listen to them and speak to them.
 * Whoever is no browser (boards, Postman, wscat) sends no Origin, or whatever it likes: this keeps out pages,
 * not programs. Libraries for boards send what no browser would, or what it would for a page without a
 * server; those get in where it is certain that no page can have sent it. It does not help against a name
 * that is rebound to the relay's address.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Everybody's pages. */
export const ANY_ORIGIN = '*';

/** Of pages without one, as browsers spell it: a sandboxed frame, and a file opened from disk. */
const OPAQUE_ORIGINS: readonly string[] = ['null', 'file://'];

/** Scheme, host and port, in characters that harm neither a log nor a terminal. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
/** A name has at most 253. */
const MAX_CHARACTERS = 300;

/** As browsers send it, or null when it is none. `HTTPS://Example.com:443` is `https://example.com`. */
export function parseOrigin(text: string): string | null {
  const origin = text.toLowerCase();
  if (OPAQUE_ORIGINS.includes(origin)) return origin;
  if (origin.length > MAX_CHARACTERS || !ORIGIN.test(origin) || !URL.canParse(origin)) return null;
  const { protocol, host } = new URL(origin);
  return `${protocol}//${host}`;
}

/**
 * @param origin the header, undefined when there is none
 * @param host the header that names the relay as the client knows it: its own pages may always connect
 * @param allowed origins as parseOrigin gives them, or ANY_ORIGIN
 */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes(ANY_ORIGIN)) return true;
  const parsed = parseOrigin(origin);
  if (parsed === null) return false;
  return allowed.includes(parsed) || parsed === parseOrigin(`${schemeOf(parsed)}://${host}`);
}

/** With something behind host and port, be it a slash: RFC 6454 section 6.2 has no place for it. */
const WITH_PATH = /^[a-z][a-z0-9+.-]*:\/\/[^\s,/?#]+[/?#]\S*$/i;

/**
 * What browsers put into a handshake by themselves: a page cannot take it out, as it has no say in the
 * headers of a WebSocket, and with `fetch` cannot upgrade (`Upgrade` and `Sec-*` are forbidden to it).
 * Chromium 156 sends all of them but Sec-Fetch-*, also from files, data: pages and sandboxed frames; one is
 * enough.
 */
const MARKS_OF_BROWSERS = [
  'accept-encoding',
  'accept-language',
  'cache-control',
  'pragma',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-websocket-extensions',
];
const BROWSERS = /^Mozilla\//;

/** Whether a web page may have sent this Origin. When in doubt it has. @param headers with an Origin */
export function isOfPage(headers: IncomingHttpHeaders): boolean {
  const { origin = '', 'user-agent': agent = '' } = headers;
  if (WITH_PATH.test(origin)) return false;
  if (!OPAQUE_ORIGINS.includes(origin)) return true;
  return BROWSERS.test(agent) || MARKS_OF_BROWSERS.some((name) => headers[name] !== undefined);
}

/**
 * A default port is left out or not by the scheme, which the Host header does not tell and a proxy may have
 * changed.
 */
function schemeOf(origin: string): string {
  return origin.slice(0, origin.indexOf(':'));
}
