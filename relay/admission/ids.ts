/**
 * Client ids: one segment of the request path, percent-decoded, 1 to 64 of `A-Za-z0-9._ -`; the path `/` asks
 * for a generated one.
 *
 * The alphabet has nothing that means something in a log line, in HTML or in JSON, so a valid id may be
 * written anywhere as it is.
 */
import { pathOf } from '../server/http.ts';

const ID = /^[A-Za-z0-9._ -]{1,64}$/;
const GENERATED_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const GENERATED_CHARACTERS = 8;
/**
 * 36^8 ids are 2.8e12: a second draw is hardly ever needed, and a tenth only when the source of chance is
 * broken.
 */
const MAX_DRAWS = 10;

/**
 * `bad_path`: not one segment · `bad_id`: one segment that is no id · `id: ''`: the client wants one
 * generated.
 */
export type RequestedId = { id: string } | { error: 'bad_path' | 'bad_id' };

/** @param target the request target of the HTTP request line (RFC 9112 section 3.2); a query is ignored */
export function requestedId(target: string): RequestedId {
  const path = pathOf(target);
  if (path === '/') return { id: '' };
  if (!path.startsWith('/') || path.indexOf('/', 1) !== -1) return { error: 'bad_path' };
  const id = percentDecode(path.slice(1));
  return id !== null && isId(id) ? { id } : { error: 'bad_id' };
}

export function isId(text: string): boolean {
  return ID.test(text);
}

/**
 * `client-` and 8 characters. Should every draw be taken, the last one is returned and meets the policy for
 * duplicates.
 */
export function generateId(random: () => number, isTaken: (id: string) => boolean): string {
  let id = '';
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    id = 'client-';
    for (let i = 0; i < GENERATED_CHARACTERS; i++) id += GENERATED_ALPHABET[Math.floor(random() * GENERATED_ALPHABET.length)];
    if (!isTaken(id)) break;
  }
  return id;
}

function percentDecode(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
