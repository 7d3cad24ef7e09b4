/**
 * Espruino's packet transfer (README_Protocol.md of Espruino, since 2v25): framed requests over the console, each answered with ACK or NAK.
 *
 * Nothing is sent twice here: whether a request may be repeated is the caller's to know.
 */
import type { Clock } from 'hal';
import type { SerialPort } from './serial-port.ts';

/** DLE, SOH: a packet begins. */
const START = '\x10\x01';
const ACK = '\x06';
const NAK = '\x15';

/** The three top bits of the length. */
const TYPE_EVAL = 0x2000;
const TYPE_FILE_SEND = 0x6000;
const TYPE_DATA = 0x8000;

/** Bytes; a board's input buffer holds twice that, and the engine waits 2 s at most for the end of a packet. */
export const DATA_MAX_BYTES = 512;
/** What is kept of a console that talks without end, bytes; an answer has less than a hundred. */
const RECEIVED_MAX_BYTES = 16 * 1024;

/** The board did not do what it should, in words for the user. */
export class FlashError extends Error {
  override readonly name = 'FlashError';
}

export class Packets {
  private readonly port: SerialPort;
  private readonly clock: Clock;
  private received = '';
  private arrived: (() => void) | null = null;

  constructor(port: SerialPort, clock: Clock) {
    this.port = port;
    this.clock = clock;
    port.onData((bytes) => {
      this.received = (this.received + bytes).slice(-RECEIVED_MAX_BYTES);
      this.arrived?.();
    });
  }

  /** Stops a running program, and what was typed. */
  interrupt(): Promise<void> {
    return this.port.write('\x03');
  }

  /** The value of an expression as JavaScript source; null when nothing answers in time. */
  async tryEvaluate(expression: string, timeoutMs: number): Promise<string | null> {
    await this.send(TYPE_EVAL, expression);
    const value = await this.waitFor(evaluated, timeoutMs);
    if (value === NAK) throw new FlashError(`the board could not do ${expression}`);
    return value;
  }

  async evaluate(expression: string, timeoutMs: number): Promise<string> {
    const value = await this.tryEvaluate(expression, timeoutMs);
    if (value === null) throw new FlashError(`the board did not answer ${expression} within ${timeoutMs / 1000} s`);
    return value;
  }

  /** Begins a file in Storage. False: refused, or no answer. */
  beginFile(name: string, bytes: number, timeoutMs: number): Promise<boolean> {
    return this.acknowledged(TYPE_FILE_SEND, JSON.stringify({ fn: name, s: bytes }), timeoutMs);
  }

  /** The next at most DATA_MAX_BYTES of it. */
  sendData(bytes: string, timeoutMs: number): Promise<boolean> {
    return this.acknowledged(TYPE_DATA, bytes, timeoutMs);
  }

  private async acknowledged(type: number, data: string, timeoutMs: number): Promise<boolean> {
    await this.send(type, data);
    return (await this.waitFor(acknowledgement, timeoutMs)) === ACK;
  }

  private send(type: number, data: string): Promise<void> {
    const head = type | data.length;
    this.received = '';
    return this.port.write(START + String.fromCharCode(head >>> 8, head & 255) + data);
  }

  private waitFor(find: (received: string) => string | null, timeoutMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      const end = (found: string | null) => {
        this.arrived = null;
        this.clock.clearTimeout(timer);
        resolve(found);
      };
      const timer = this.clock.setTimeout(() => end(null), timeoutMs);
      this.arrived = () => {
        const found = find(this.received);
        if (found !== null) end(found);
      };
      this.arrived();
    });
  }
}

function acknowledgement(received: string): string | null {
  if (received.includes(ACK)) return ACK;
  return received.includes(NAK) ? NAK : null;
}

/** What a response packet holds, NAK, or null when it is not all there yet. */
function evaluated(received: string): string | null {
  const answer = received.indexOf(ACK + START);
  if (answer < 0) return received.includes(NAK) ? NAK : null;
  const from = answer + 5;
  const length = (received.charCodeAt(from - 2) << 8) | received.charCodeAt(from - 1);
  return received.length >= from + length ? received.slice(from, from + length) : null;
}
