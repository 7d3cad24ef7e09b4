/**
 * Clients that are wrong on purpose, so that every case can be seen to fail: one that says nothing, one that
 * believes everything, one that cannot even ask, one that bears nothing.
 */
import { createHash } from 'node:crypto';
import { BINARY, CLOSE, frame, PING, PONG, TEXT } from '../frames.ts';
import type { Rig, Wire } from '../rig.ts';

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const REQUEST = [
  'GET /conformance HTTP/1.1',
  'Host: server',
  'Upgrade: websocket',
  'Connection: Upgrade',
  KEY,
  'Sec-WebSocket-Version: 13',
];
/** Wrong in all that can be, and its key one byte short. */
const BAD_REQUEST = ['GET / HTTP/1.0', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j', 'Content-Length: 0', 'Sec-WebSocket-Extensions: x'];

/** Asks well, then never does anything again, whatever happens. */
export const makeSilentRig = (): Rig => rigOf(() => new SilentWire(REQUEST));
/** Asks badly, and likewise. */
export const makeClumsyRig = (): Rig => rigOf(() => new SilentWire(BAD_REQUEST));
/** Takes any response, and every frame for a message; always the same masking key. */
export const makeGullibleRig = (): Rig => rigOf(() => new GullibleWire(REQUEST));
/** Fails the connection at whatever comes after a response. */
export const makeTouchyRig = (): Rig => rigOf(() => new TouchyWire(REQUEST));

function rigOf(makeWire: () => Wire): Rig {
  return { digest: (text) => createHash('sha1').update(text, 'latin1').digest('base64'), connect: async () => makeWire() };
}

class SilentWire implements Wire {
  received: string;
  ended = false;

  constructor(request: readonly string[]) {
    this.received = `${request.join('\r\n')}\r\n\r\n`;
  }

  write(_bytes: string): void {}
  end(): void {}
  async settle(): Promise<void> {}
  async pass(): Promise<void> {}
}

class TouchyWire extends SilentWire {
  private writes = 0;

  override write(): void {
    this.writes++;
    if (this.writes === 2) this.received += frame(CLOSE, '\x03\xea', { mask: 'mask' });
  }

  override end(): void {
    this.ended = true;
  }
}

class GullibleWire extends SilentWire {
  private unread = '';
  private isOpen = false;

  override write(bytes: string): void {
    this.unread += bytes;
    if (!this.isOpen) this.readHead();
    if (this.isOpen) while (this.readFrame());
  }

  override end(): void {
    this.ended = true;
  }

  private readHead(): void {
    const end = /\r?\n\r?\n/.exec(this.unread);
    if (end === null) return;
    this.isOpen = true;
    this.unread = this.unread.slice(end.index + end[0].length);
  }

  private readFrame(): boolean {
    const [first, second] = [this.unread.charCodeAt(0), this.unread.charCodeAt(1)];
    const extra = (second & 127) < 126 ? 0 : (second & 127) === 126 ? 2 : 8;
    const head = 2 + extra + (second > 127 ? 4 : 0);
    if (Number.isNaN(second) || this.unread.length < head) return false;
    const length = extra === 0 ? second & 127 : Number.parseInt(Buffer.from(this.unread.slice(2, 2 + extra), 'latin1').toString('hex'), 16);
    if (this.unread.length < head + length) return false;
    this.answer(first & 15, this.unread.slice(head, head + length));
    this.unread = this.unread.slice(head + length);
    return true;
  }

  private answer(opcode: number, payload: string): void {
    if (opcode === PONG) return;
    const kind = opcode === PING ? PONG : opcode === CLOSE ? CLOSE : opcode === BINARY ? BINARY : TEXT;
    this.received += frame(kind, kind >= CLOSE ? payload.slice(0, 125) : payload, { mask: 'mask' });
  }
}
