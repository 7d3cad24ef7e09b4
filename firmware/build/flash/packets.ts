/**
 * Espruino's packet transfer (README_Protocol.md of Espruino, since 2v25): framed requests over the console,
 * each answered with ACK or NAK.
 *
 * A packet that lost a byte on its way is answered with NAK, but only when the board has waited for the rest
 * of it, and what is sent meanwhile is taken for that rest. So nothing is sent while an answer may still
 * come, and an evaluated expression carries a number that its answer repeats.
 */
import type { Clock } from 'hal';
import type { SerialPort } from './serial-port.ts';

/** DLE, SOH: a packet begins. */
const START = '\x10\x01';
const ACK = '\x06';
const NAK = '\x15';
/** What the answer to an evaluation begins with; its length follows. */
const RESPONSE = ACK + START;

/** The three top bits of the length. */
const TYPE_EVAL = 0x2000;
const TYPE_FILE_SEND = 0x6000;
const TYPE_DATA = 0x8000;

/**
 * A board gives up the rest of a packet after 5 s (2v29; 1 s in 2v25) and can be late by a turn of its main
 * loop; ms.
 */
const ANSWER_TIMEOUT_MS = 8000;
/**
 * For a write to leave this computer, ms: a connect blocks a board for 18 s, in which it may hold the sender
 * back (XOFF).
 */
const WRITE_TIMEOUT_MS = 20_000;
/** How often what may be done twice is asked for: a cable that fails three times in a row stays bad. */
export const TRIES_MAX = 3;
/** Bytes; a board's input buffer holds twice that. */
export const DATA_MAX_BYTES = 512;
/** What is kept of a console that talks without end, bytes; an answer has less than a hundred. */
const RECEIVED_MAX_BYTES = 16 * 1024;

/** What moves the cursor: the engine clears the line of its prompt before a program's words. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ESCAPES = /\x1b(\[[0-9;?]*[ -/]*[@-~]|[ -Z\\-~])/g;

/** The board did not do what it should, in words for the user. */
export class FlashError extends Error {
  override readonly name = 'FlashError';
}

export class Packets {
  private readonly port: SerialPort;
  private readonly clock: Clock;
  private received = '';
  private evaluations = 0;
  private arrived: (() => void) | null = null;
  /** Why nothing can be written any more; what came before is still on its way. */
  private stuck: FlashError | null = null;

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
    return this.write('\x03');
  }

  /**
   * What the board has said since it was last sent something, and says until `forMs` from now, without its
   * escape sequences.
   */
  async listen(forMs: number): Promise<string> {
    await this.waitFor(() => null, forMs);
    return this.received.replace(ESCAPES, '');
  }

  /**
   * The value of an expression as JavaScript source; null when it could not be done, or nothing answers in
   * time.
   */
  async tryEvaluate(expression: string, timeoutMs: number): Promise<string | null> {
    const number = ++this.evaluations;
    await this.send(TYPE_EVAL, `[${number},${expression}]`);
    const value = await this.waitFor((received) => evaluated(received, number), timeoutMs);
    return value === NAK ? null : value;
  }

  /** The same for what may be done twice: tried until it succeeds, TRIES_MAX times. */
  async evaluate(expression: string, timeoutMs: number = ANSWER_TIMEOUT_MS): Promise<string> {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const value = await this.tryEvaluate(expression, timeoutMs);
      if (value !== null) return value;
    }
    throw new FlashError(`the board did not do ${expression}, asked ${TRIES_MAX} times`);
  }

  /** Begins a file in Storage. False: refused, or no answer. */
  beginFile(name: string, bytes: number): Promise<boolean> {
    return this.acknowledged(TYPE_FILE_SEND, JSON.stringify({ fn: name, s: bytes }));
  }

  /** The next at most DATA_MAX_BYTES of it. */
  sendData(bytes: string): Promise<boolean> {
    return this.acknowledged(TYPE_DATA, bytes);
  }

  private async acknowledged(type: number, data: string): Promise<boolean> {
    await this.send(type, data);
    return (await this.waitFor(acknowledgement, ANSWER_TIMEOUT_MS)) === ACK;
  }

  private send(type: number, data: string): Promise<void> {
    const head = type | data.length;
    this.received = '';
    return this.write(START + String.fromCharCode(head >>> 8, head & 255) + data);
  }

  private write(bytes: string): Promise<void> {
    if (this.stuck !== null) return Promise.reject(this.stuck);
    return new Promise((resolve, reject) => {
      const give = (error: FlashError) => {
        this.stuck = error;
        reject(error);
      };
      const timer = this.clock.setTimeout(() => give(tooLong()), WRITE_TIMEOUT_MS);
      this.port
        .write(bytes)
        .then(resolve, give)
        .finally(() => this.clock.clearTimeout(timer));
    });
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

function tooLong(): FlashError {
  return new FlashError(
    `the port takes no bytes for ${WRITE_TIMEOUT_MS / 1000} s: the board holds them back (XOFF); reset it and try again`,
  );
}

function acknowledgement(received: string): string | null {
  if (received.includes(ACK)) return ACK;
  return received.includes(NAK) ? NAK : null;
}

/** The value in the answer with this number, NAK, or null when it is not all there yet. */
function evaluated(received: string, number: number): string | null {
  const head = `[${number},`;
  for (let at = received.indexOf(RESPONSE); at >= 0; at = received.indexOf(RESPONSE, at + 1)) {
    const from = at + RESPONSE.length + 2;
    const length = (received.charCodeAt(from - 2) << 8) | received.charCodeAt(from - 1);
    const answer = received.slice(from, from + length);
    if (answer.length === length && answer.startsWith(head)) return answer.slice(head.length, -1);
  }
  return received.includes(NAK) ? NAK : null;
}
