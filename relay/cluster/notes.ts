/**
 * What nodes tell each other: a line of JSON that says what it is, then, for messages of clients, those as
 * bytes. Whoever may write to the backplane may write anything, so nothing is believed before it was checked;
 * what does not check out is no note.
 */
import { isUtf8 } from 'node:buffer';
import { isId } from '../admission/ids.ts';

/** A message of a client, for the clients of other nodes. */
export interface Said {
  from: string;
  binary: boolean;
  payload: Buffer;
  /** ms since 1970. */
  at: number;
}

/** `boot` names one life of a node: a name of its operator's, and letters that no other life has. */
interface Sender {
  boot: string;
}

/** Messages of one turn: the `seq`-th of this life; those before `oldest` cannot be had any more. */
export interface Messages extends Sender {
  kind: 'messages';
  seq: number;
  oldest: number;
  said: readonly Said[];
}

/** I am here, have sent up to `seq`, and have heard of others up to these. */
export interface Beat extends Sender {
  kind: 'beat';
  seq: number;
  oldest: number;
  clients: number;
  heard: Readonly<Record<string, number>>;
}

/** The owner of this lease is to end its session, as its client is at another node now. */
export interface Evict extends Sender {
  kind: 'evict';
  id: string;
  fence: number;
}

/** Done: the id is nobody's. */
export interface Freed extends Sender {
  kind: 'freed';
  id: string;
}

export type Note = Messages | Beat | Evict | Freed;

const BOOT = /^[A-Za-z0-9._-]{1,32}:[a-z0-9]{8}$/;
/** Of a line, bytes: positions of some thousand nodes. */
const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 10;
/** Before each message: flags, length of the id, time, length of the payload. */
const HEAD_BYTES = 1 + 1 + 8 + 4;

export function encodeNote(note: Beat | Evict | Freed): Buffer {
  return Buffer.from(`${JSON.stringify(note)}\n`);
}

/** @param body of encodeSaid, one after the other */
export function encodeMessages(head: Omit<Messages, 'said' | 'kind'>, body: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ kind: 'messages', ...head })}\n`), ...body]);
}

export function encodeSaid({ from, binary, payload, at }: Said): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + from.length + payload.length);
  bytes[0] = binary ? 1 : 0;
  bytes[1] = from.length;
  bytes.writeDoubleBE(at, 2);
  bytes.writeUInt32BE(payload.length, 10);
  bytes.write(from, HEAD_BYTES, 'latin1');
  payload.copy(bytes, HEAD_BYTES + from.length);
  return bytes;
}

/** @param maxPayloadBytes of a message @returns null: nothing that a node says */
export function decodeNote(bytes: Buffer, maxPayloadBytes: number): Note | null {
  const end = bytes.subarray(0, MAX_LINE_BYTES).indexOf(NEWLINE);
  if (end === -1) return null;
  const note = parse(bytes.toString('utf8', 0, end));
  if (note === null || typeof note.boot !== 'string' || !BOOT.test(note.boot)) return null;
  const { kind, boot, seq, oldest } = note;
  switch (kind) {
    case 'messages': {
      const said = isCount(seq) && isCount(oldest) ? decodeSaid(bytes.subarray(end + 1), maxPayloadBytes) : null;
      return said && { kind, boot, seq: seq as number, oldest: oldest as number, said };
    }
    case 'beat': {
      const { clients, heard } = note;
      if (!isCount(seq) || !isCount(oldest) || !isCount(clients) || !isPositions(heard)) return null;
      return { kind, boot, seq, oldest, clients, heard };
    }
    case 'evict':
      return isIdText(note.id) && isCount(note.fence) ? { kind, boot, id: note.id, fence: note.fence } : null;
    case 'freed':
      return isIdText(note.id) ? { kind, boot, id: note.id } : null;
    default:
      return null;
  }
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function decodeSaid(bytes: Buffer, maxPayloadBytes: number): Said[] | null {
  const said: Said[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < HEAD_BYTES || bytes[at] > 1) return null;
    const idEnd = at + HEAD_BYTES + bytes[at + 1];
    const length = bytes.readUInt32BE(at + 10);
    const end = idEnd + length;
    if (length > maxPayloadBytes || end > bytes.length) return null;
    const from = bytes.toString('latin1', at + HEAD_BYTES, idEnd);
    const one = { from, binary: bytes[at] === 1, payload: bytes.subarray(idEnd, end), at: bytes.readDoubleBE(at + 2) };
    if (!isId(from) || !Number.isFinite(one.at) || !(one.binary || isUtf8(one.payload))) return null;
    said.push(one);
    at = end;
  }
  return said;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isIdText(value: unknown): value is string {
  return typeof value === 'string' && isId(value);
}

function isPositions(value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null && Object.entries(value).every(([boot, seq]) => BOOT.test(boot) && isCount(seq));
}
