/**
 * npm `ws` as the client under the suite, over a stream in memory instead of a socket.
 *
 * Its waits (30 s for the server to end TCP) are made with the global `setTimeout`, which the caller has
 * faked; `settle` lets the event loop turn, which streams need.
 */
import { createHash } from 'node:crypto';
import { Duplex } from 'node:stream';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { LIMIT_BYTES, type Rig, type Wire } from '../rig.ts';

/**
 * Turns of the event loop without a byte after which `ws` has done all that it does at once; half as many
 * give the same verdicts.
 */
const SETTLE_TURNS = 8;
/** The firmware's limit; by default `ws` has none. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

export function makeWsRig(): Rig {
  return {
    digest: (text) => createHash('sha1').update(text, 'latin1').digest('base64'),
    connect: async () => {
      const pipe = new Pipe();
      const client = new WebSocket('ws://server/conformance', {
        // As `net.connect` does with its options.
        createConnection: (({ timeout = 0 }: { timeout?: number }) => pipe.setTimeout(timeout)) as never,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        maxPayload: LIMIT_BYTES,
        perMessageDeflate: false,
      });
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
      // What the server broke comes up here too; the suite judges what `ws` does about it.
      client.on('error', () => {});
      await settle(pipe);
      return wireOf(pipe);
    },
  };
}

async function settle(pipe: Pipe): Promise<void> {
  let receivedBytes = -1;
  for (let quietTurns = 0; quietTurns < SETTLE_TURNS; quietTurns++) {
    if (pipe.received.length !== receivedBytes) quietTurns = 0;
    receivedBytes = pipe.received.length;
    await new Promise((done) => setImmediate(done));
  }
}

/** As much of a `net.Socket` as `http` and `ws` use. */
class Pipe extends Duplex {
  received = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super({ allowHalfOpen: false });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.received += chunk.toString('latin1');
    done();
  }

  override _read(): void {}

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.timer);
    done(error);
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    clearTimeout(this.timer);
    if (ms > 0) this.timer = setTimeout(() => this.emit('timeout'), ms);
    if (onTimeout !== undefined) this.once('timeout', onTimeout);
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }
}

function wireOf(pipe: Pipe): Wire {
  const send = (bytes: Buffer | null) => {
    if (!pipe.destroyed && !pipe.readableEnded) pipe.push(bytes);
  };
  return {
    get received() {
      return pipe.received;
    },
    get ended() {
      return pipe.destroyed || pipe.writableFinished;
    },
    write: (bytes) => send(Buffer.from(bytes, 'latin1')),
    end: () => send(null),
    settle: () => settle(pipe),
    pass: async (ms) => {
      vi.advanceTimersByTime(ms);
      await settle(pipe);
    },
  };
}
