/**
 * What a board and its server say about updates, over the channel that is there anyway:
 *
 *   server, text     `ota.offer SHA1 BYTES`         when a session opens, and when there is something new
 *   board, text      `ota.get SHA1 OFFSET BYTES`    one at a time
 *   server, binary   `ota.data SHA1 OFFSET` and a line feed, then the bytes
 *
 * The server remembers nothing of a board: who has it asks for no more. A second connection, as
 * esp_https_ota makes for HTTP, would cost a board a socket, 42 kB for its TLS session and, under Espruino, a
 * connect that blocks the main loop for up to 18 s; and whatever lies on the way to the relay lets this one
 * through already.
 */
import { IMAGE_MAX_BYTES, type Offer } from './image-store.ts';

const OFFER = 'ota.offer ';
const DATA = 'ota.data ';
/** Longer than any head of a message here, characters. */
const HEAD_MAX = 80;

/** The offer that a text is; null: it is another message. A wrong one has 0 bytes. */
export function readOffer(text: string): Offer | null {
  if (text.substring(0, OFFER.length) !== OFFER) return null;
  const words = text.substring(OFFER.length, HEAD_MAX).split(' ');
  const bytes = Number(words[1]);
  const isLegal = words.length === 2 && isSha1(words[0]) && bytes >= 1 && bytes <= IMAGE_MAX_BYTES && Math.floor(bytes) === bytes;
  return { sha1: words[0], bytes: isLegal ? bytes : 0 };
}

export function requestOf(sha1: string, offset: number, bytes: number): string {
  return `ota.get ${sha1} ${offset} ${bytes}`;
}

/** Whether a binary message is an answer, whoever asked. */
export function isData(message: string): boolean {
  return message.substring(0, DATA.length) === DATA;
}

/** The bytes, if the message is the answer to that request; null: it is not. */
export function dataOf(message: string, sha1: string, offset: number, bytes: number): string | null {
  const head = `${DATA}${sha1} ${offset}\n`;
  return message.length === head.length + bytes && message.substring(0, head.length) === head ? message.substring(head.length) : null;
}

function isSha1(text: string): boolean {
  return text.length === 40 && !/[^0-9a-f]/.test(text);
}
