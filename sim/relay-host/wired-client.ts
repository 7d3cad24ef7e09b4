/**
 * A client on the relay's own network, by cable: what it sends is there at once. It answers pings, hears
 * everything and remembers nothing.
 *
 * It is a Node stream like any connection, so the relay does not know it from others. Opened when the world
 * starts, if a step needs it.
 */
import { Duplex } from 'node:stream';
import { encodeFrame, OPCODE_PONG, OPCODE_TEXT } from 'firmware/websocket/frame';
import type { Timeline } from '../kernel/timeline.ts';
import { FrameScanner } from '../net/wire/frame-scanner.ts';

/** Its id at the relay; boards are called board-1 and so on. */
const ID = 'client';
const REQUEST = [
  `GET /${ID} HTTP/1.1`,
  'Host: relay',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', // RFC 6455 section 1.3
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n');
const PING = 9;
/** No proxy is in the way that a mask could protect. */
const MASK_KEY = 0;

export class WiredClient extends Duplex {
  readonly id = ID;
  readonly remoteAddress = 'wired';
  private readonly kernel: Timeline;
  private readonly scanner = new FrameScanner({
    onHead: () => {},
    onFrame: ({ opcode, control }) => {
      if (opcode === PING) this.say(encodeFrame(OPCODE_PONG, control.toString('latin1'), MASK_KEY));
    },
  });

  constructor(kernel: Timeline) {
    super({ allowHalfOpen: false });
    this.kernel = kernel;
    this.say(REQUEST);
  }

  /** Sends so many text messages of so many bytes, one right after the other. */
  burst(messages: number, bytes: number): void {
    const frame = encodeFrame(OPCODE_TEXT, 'x'.repeat(bytes), MASK_KEY);
    for (let message = 0; message < messages; message++) this.say(frame);
  }

  /** Socket options that mean nothing here. */
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.scanner.push(chunk);
    callback();
  }

  private say(bytes: string): void {
    if (this.destroyed) return;
    this.kernel.touchStreams();
    this.push(Buffer.from(bytes, 'latin1'));
  }
}
