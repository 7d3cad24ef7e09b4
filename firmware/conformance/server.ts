/**
 * The scripted server of the suite: one connection with the client under test, from its request to the end of
 * TCP.
 *
 * Reads what the client sent as frames, and throws when a client must not have sent it. Plays no script by
 * itself: that is exchange.ts and the cases.
 */
import { BINARY, CLOSE, type ClientFrame, CONTINUATION, closeFrame, PING, readClientFrames, TEXT } from './frames.ts';
import { keyOf } from './request.ts';
import type { Rig, Wire } from './rig.ts';

/** How long a client may keep TCP open that the server does not end, ms. `ws` waits 30 s. */
export const END_LIMIT_MS = 35_000;
const END_STEP_MS = 500;

const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What a client sends back: a message, put together again, or a control frame. */
export interface Reply {
  readonly opcode: number;
  readonly payload: string;
}

/** What the client sent after its request, and the close frame that ends it, if there is one. */
interface Answers {
  readonly replies: Reply[];
  readonly close: ClientFrame | null;
  readonly maskKeys: string[];
}

export class Server {
  readonly wire: Wire;
  /** What `Sec-WebSocket-Accept` must be. */
  readonly accept: string;
  private readonly requestBytes: number;

  private constructor(wire: Wire, rig: Rig) {
    this.wire = wire;
    this.accept = rig.digest(keyOf(wire.received) + ACCEPT_GUID);
    this.requestBytes = wire.received.length;
  }

  /** A connection whose request has come and is not answered yet. */
  static async meet(rig: Rig): Promise<Server> {
    return new Server(await rig.connect(), rig);
  }

  /** An open WebSocket. */
  static async open(rig: Rig): Promise<Server> {
    const server = await Server.meet(rig);
    server.wire.write(server.agreement());
    await server.wire.settle();
    return server;
  }

  /** The response that every client must accept. */
  agreement(): string {
    return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${this.accept}\r\n\r\n`;
  }

  answers(): Answers {
    const frames = readClientFrames(this.wire.received.slice(this.requestBytes));
    const closeAt = frames.findIndex(({ opcode }) => opcode === CLOSE);
    if (closeAt >= 0 && closeAt < frames.length - 1) throw new Error('client sends frames after its close frame');
    const maskKeys = frames.map(({ maskKey }) => maskKey);
    return { replies: joined(closeAt < 0 ? frames : frames.slice(0, -1)), close: closeAt < 0 ? null : frames[closeAt], maskKeys };
  }

  /** Bytes after the request, framed or not. */
  hasAnswered(): boolean {
    return this.wire.received.length > this.requestBytes;
  }

  /** Whether the client ends TCP within the limit. */
  async clientEnds(): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < END_LIMIT_MS && !this.wire.ended; waitedMs += END_STEP_MS) await this.wire.pass(END_STEP_MS);
    return this.wire.ended;
  }

  /** The client has sent its close frame, or ended TCP. */
  hasClosed(): boolean {
    return this.wire.ended || this.answers().close !== null;
  }

  /**
   * The closing handshake, begun by this side; afterwards TCP is gone. What is only loose about it is judged
   * by its own cases.
   */
  async close(): Promise<void> {
    if (this.hasClosed()) throw new Error('client ends a connection on which nothing is wrong');
    this.wire.write(closeFrame(1000));
    await this.wire.settle();
    if (this.answers().close === null) {
      throw new Error(this.wire.ended ? 'client drops TCP instead of closing' : 'client does not answer a close frame');
    }
    await this.endTcp();
  }

  /** The server ends TCP, and the client follows, or has done so already. */
  async endTcp(): Promise<void> {
    this.wire.end();
    await this.wire.settle();
    if (!(await this.clientEnds())) throw new Error('client keeps TCP open after the server has ended it');
  }
}

/** Fragments to messages. */
function joined(frames: readonly ClientFrame[]): Reply[] {
  const replies: Reply[] = [];
  let message: Reply | null = null as Reply | null;
  for (const { fin, opcode, payload } of frames) {
    if (opcode >= CLOSE) {
      if (opcode === PING) throw new Error('client pings, which it was not set to do');
      replies.push({ opcode, payload });
      continue;
    }
    if ((opcode === CONTINUATION) !== (message !== null)) throw new Error('fragments of the client are out of order');
    message = { opcode: message?.opcode ?? opcode, payload: (message?.payload ?? '') + payload };
    if (!fin) continue;
    replies.push(message);
    message = null;
  }
  return replies;
}

export function describeReply({ opcode, payload }: Reply): string {
  const kind = opcode === TEXT ? 'text' : opcode === BINARY ? 'binary' : `opcode ${opcode}`;
  return `${kind} of ${payload.length} bytes ${JSON.stringify(payload.slice(0, 24))}`;
}
