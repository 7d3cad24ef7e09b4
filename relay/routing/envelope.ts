/**
 * What a text message looks like when the relay passes it on or answers it. Payloads only; frame.ts makes
 * them frames.
 *
 * `original` is what clients of the system before this one parse: `Mes from <id>: <text>`. `json` is
 * `{"from","text","at"}`, `at` in milliseconds since 1970. `raw` leaves the bytes alone. Text may be empty;
 * it is copied as bytes where it can be, as ws has checked that it is UTF-8.
 */
import type { Envelope } from '../config.ts';

/**
 * Who speaks in a `json` reply. Also a legal id: a reply is told from a broadcast by its text, not by this
 * name.
 */
const SERVER = 'server';
const ACKNOWLEDGEMENT = Buffer.from('Server got your message!');
const ECHO_PREFIX = Buffer.from('Echo: ');

/** For the other clients. */
export function broadcastText(envelope: Envelope, from: string, text: Buffer, epochMs: () => number): Buffer {
  switch (envelope) {
    case 'original':
      return Buffer.concat([Buffer.from(`Mes from ${from}: `), text]);
    case 'json':
      return encodeJson(from, text, epochMs());
    case 'raw':
      return text;
  }
}

/**
 * For the sender of a broadcast. A text in every envelope: raw bytes have no acknowledgement of their own.
 */
export function acknowledgement(envelope: Envelope, epochMs: () => number): Buffer {
  return envelope === 'json' ? encodeJson(SERVER, ACKNOWLEDGEMENT, epochMs()) : ACKNOWLEDGEMENT;
}

/** For the sender in echo mode. */
export function echoText(envelope: Envelope, text: Buffer, epochMs: () => number): Buffer {
  if (envelope === 'raw') return text;
  const echo = Buffer.concat([ECHO_PREFIX, text]);
  return envelope === 'json' ? encodeJson(SERVER, echo, epochMs()) : echo;
}

function encodeJson(from: string, text: Buffer, at: number): Buffer {
  return Buffer.from(JSON.stringify({ from, text: text.toString(), at }));
}
