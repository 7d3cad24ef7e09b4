/**
 * One connection with the measured traffic: the client sends a message of 11 bytes every 3.25 s from a random
 * phase on, the server answers each with 24 bytes at once. Every message is timed from its write to the read
 * that completes it, and to the read that completes its reply.
 */
import { msFromUs } from '../kernel/units.ts';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import type { Path } from './path.ts';

const MESSAGE = 'm'.repeat(11);
const REPLY = 'r'.repeat(24);
export const MESSAGE_INTERVAL_MS = 3250;
/** A handshake without loss is over after one and a half round trips. */
const CLEAN_HANDSHAKE_ROUND_TRIPS = 2;
/** More than either side ever has waiting. */
const READ_ALL_BYTES = Number.MAX_SAFE_INTEGER;

/** Times of one message, ms; NaN for what has not happened. */
export interface Exchange {
  readonly sentAtMs: number;
  deliveredAtMs: number;
  repliedAtMs: number;
}

export class Conversation {
  /** In the order in which they were sent. */
  readonly exchanges: Exchange[] = [];
  /** How long the TCP handshake took, ms; NaN while it has not ended well. */
  connectMs = Number.NaN;
  /** When the client's stack gave the connection up, ms; NaN while it has not. */
  failedAtMs = Number.NaN;
  private readonly path: Path;
  private readonly endpoint: TcpEndpoint;
  private onConnected: () => void = () => {};
  private deliveredCount = 0;
  private deliveredBytes = 0;
  private repliedCount = 0;
  private repliedBytes = 0;

  /** Connects now. @param flow unlike that of any other conversation on this path */
  constructor(path: Path, flow: number) {
    this.path = path;
    const startMs = path.nowMs;
    this.endpoint = path.client.connect(flow, {
      onConnect: () => {
        this.connectMs = path.nowMs - startMs;
        this.onConnected();
      },
      onReadable: () => this.takeReplies(),
      onDrain() {},
      onClose: (end) => {
        if (end === 'timeout') this.failedAtMs = path.nowMs;
      },
    });
  }

  /**
   * Sends for `durationMs` from now on, or from the end of the handshake. @param phaseMs before the first
   * message, 0 to one interval
   */
  talk(durationMs: number, phaseMs: number): void {
    const start = (): void => this.sendEvery(this.path.nowMs + phaseMs, this.path.nowMs + durationMs);
    if (Number.isNaN(this.connectMs)) this.onConnected = start;
    else start();
  }

  /** The server's side of it. */
  serve(endpoint: TcpEndpoint): TcpHandlers {
    return { onConnect() {}, onReadable: () => this.takeMessages(endpoint), onDrain() {}, onClose() {} };
  }

  private sendEvery(atMs: number, untilMs: number): void {
    if (atMs >= untilMs) return;
    this.path.at(atMs, () => {
      if (!this.endpoint.isOpen) return;
      this.exchanges.push({ sentAtMs: this.path.nowMs, deliveredAtMs: Number.NaN, repliedAtMs: Number.NaN });
      this.endpoint.write(MESSAGE);
      this.sendEvery(atMs + MESSAGE_INTERVAL_MS, untilMs);
    });
  }

  private takeMessages(endpoint: TcpEndpoint): void {
    this.deliveredBytes += endpoint.read(READ_ALL_BYTES).length;
    while ((this.deliveredCount + 1) * MESSAGE.length <= this.deliveredBytes) {
      this.exchanges[this.deliveredCount++].deliveredAtMs = this.path.nowMs;
      endpoint.write(REPLY);
    }
  }

  private takeReplies(): void {
    this.repliedBytes += this.endpoint.read(READ_ALL_BYTES).length;
    while ((this.repliedCount + 1) * REPLY.length <= this.repliedBytes) {
      this.exchanges[this.repliedCount++].repliedAtMs = this.path.nowMs;
    }
  }
}

/** Starts so many conversations now. */
export function converse(path: Path, count: number): Conversation[] {
  const conversations: Conversation[] = [];
  path.server.listen((endpoint) => conversations[endpoint.flow].serve(endpoint));
  for (let flow = 0; flow < count; flow++) conversations.push(new Conversation(path, flow));
  return conversations;
}

/**
 * As the conditions want it: with a clean handshake the conversations are connected when this returns, and
 * the loss is switched on then.
 */
export async function connectAll(path: Path, count: number): Promise<Conversation[]> {
  const conversations = converse(path, count);
  if (!path.lossy) await path.run(CLEAN_HANDSHAKE_ROUND_TRIPS * 2 * msFromUs(path.delayUs));
  path.lossy = true;
  return conversations;
}
