/**
 * A relay's URL (RFC 6455 section 3, RFC 3986): its parts, and which of them is wrong.
 *
 * Taking apart and judging are two, since a built program, whose URL the build has judged, carries only the
 * first. User info and query may be secrets, so no message shows them.
 */

export interface ServerUrl {
  secure: boolean;
  /** `USER` or `USER:PASSWORD`, percent-encoded; '' = none. */
  userInfo: string;
  /** Name or address; an IPv6 address in its brackets. */
  host: string;
  port: number;
  /** Begins with `/`. */
  path: string;
  /** Begins with `?`; '' = none. */
  query: string;
}

/**
 * Longest URL, characters: a token of 1.5 kB and room for the rest. It has to fit into a board several times.
 */
export const URL_MAX = 2048;
/** Characters that a message shows of what is wrong. */
const SHOWN_MAX = 64;
const BYTE_MAX = 255;
const PORT_MAX = 65535;
/** Of an IPv6 address (RFC 4291 section 2.2). */
const GROUPS = 8;
const GROUP_DIGITS = 4;

/** Scheme, authority, path and query. */
const PARTS = /^(wss*):\/\/([^\x2f?]*)([^?]*)([^\n]*)$/;
const WITH_PORT = /^([^\n]*):([0-9]*)$/;

const QUERY = 'query: expected visible ASCII characters, all others percent-encoded';

/**
 * Of a URL in which `serverUrlProblem` finds nothing; of another it may be null, or have a part that is
 * wrong.
 */
export function splitServerUrl(url: string): ServerUrl | null {
  const parts = PARTS.exec(url);
  if (parts === null) return null;
  const [, scheme, authority, path, query] = parts;
  const at = authority.lastIndexOf('@');
  const place = authority.substring(at + 1);
  const ported = WITH_PORT.exec(place);
  const secure = scheme !== 'ws';
  return {
    secure,
    userInfo: at < 0 ? '' : authority.substring(0, at),
    host: ported === null ? place : ported[1],
    port: ported === null ? (secure ? 443 : 80) : Number(ported[2]),
    path: path === '' ? '/' : path,
    query,
  };
}

/** Null when something is wrong with it. */
export function parseServerUrl(url: string): ServerUrl | null {
  return serverUrlProblem(url) === '' ? splitServerUrl(url) : null;
}

/** What is wrong, as `PART: expected …`, or ''. */
export function serverUrlProblem(url: string): string {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(url);
  const parts = splitServerUrl(url);
  if (scheme === null || (scheme[0] !== 'ws://' && scheme[0] !== 'wss://'))
    return `scheme: expected ws:// or wss://, as in "ws://192.168.1.10:8000/", got ${scheme === null ? 'none' : quoted(scheme[0])}`;
  if (url.length > URL_MAX) return `expected at most ${URL_MAX} characters, got ${url.length}`;
  if (url.indexOf('#') >= 0) return 'fragment: expected none (RFC 6455 section 3): leave out # and what follows it, or write %23';
  // A line break in the query.
  if (parts === null) return QUERY;
  const { userInfo, host, port, path, query } = parts;
  if (!isUserInfo(userInfo)) return 'user info: expected USER:PASSWORD, all but letters, digits and - . _ ~ percent-encoded';
  const colon = host.indexOf(':', host.indexOf(']') + 1);
  if (colon >= 0 && isHost(host.substring(0, colon)) && host.indexOf(':', colon + 1) < 0)
    return `port: expected 1 to ${PORT_MAX}, got ${quoted(host.substring(colon + 1))}`;
  if (!isHost(host))
    return `host: expected a name of letters, digits and . - _, an IPv4 address, or an IPv6 address in [ ], got ${host === '' ? 'none' : quoted(host)}`;
  if (!(port >= 1 && port <= PORT_MAX)) return `port: expected 1 to ${PORT_MAX}, got ${port === 0 ? 'none or 0' : port}`;
  if (/[^!-~]/.test(path)) return `path: expected visible ASCII characters, all others percent-encoded, got ${quoted(path)}`;
  return /[^!-~]/.test(query) ? QUERY : '';
}

/** RFC 3986 section 3.2.1. */
function isUserInfo(text: string): boolean {
  if (/[^A-Za-z0-9._~!$&'()*+,;=:%-]/.test(text)) return false;
  const escapes = text.split('%');
  for (let i = 1; i < escapes.length; i++) if (!/^[0-9A-Fa-f][0-9A-Fa-f]/.test(escapes[i])) return false;
  return true;
}

/** What looks like an address must be one. */
function isHost(host: string): boolean {
  if (host.charAt(0) === '[') return host.charAt(host.length - 1) === ']' && isIpv6(host.substring(1, host.length - 1));
  if (host === '' || /[^A-Za-z0-9._-]/.test(host)) return false;
  return /[^0-9.]/.test(host) || isIpv4(host);
}

function isIpv4(text: string): boolean {
  const bytes = text.split('.');
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === '' || bytes[i].length > 3 || Number(bytes[i]) > BYTE_MAX) return false;
  return bytes.length === 4;
}

/** Without a zone; its last two groups may be written as an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || /[^0-9A-Fa-f:.]/.test(text)) return false;
  let groups = 0;
  for (let i = 0; i < halves.length; i++) {
    const parts = halves[i] === '' ? [] : halves[i].split(':');
    for (let k = 0; k < parts.length; k++) {
      const dotted = parts[k].indexOf('.') >= 0;
      const last = i === halves.length - 1 && k === parts.length - 1;
      if (dotted ? !last || !isIpv4(parts[k]) : parts[k] === '' || parts[k].length > GROUP_DIGITS) return false;
      groups += dotted ? 2 : 1;
    }
  }
  return halves.length === 2 ? groups < GROUPS : groups === GROUPS;
}

/** Short enough for a line, and without line breaks. */
function quoted(text: string): string {
  return `"${text.substring(0, SHOWN_MAX).replace(/[^ -~]/g, '?')}"`;
}
