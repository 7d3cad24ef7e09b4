/** A connection in memory: two pipes, the board's socket on one end and the peer's record on the other. */
import type { PeerConnection } from '../conformance.ts';
import type { NetErrorKind, Socket, SocketHandlers } from '../index.ts';

type Later = (delayMs: number, run: () => void) => void;

const SEGMENT_BYTES = 1440;
/** Above this the writer is asked to wait. */
const SEND_BUFFER_BYTES = 5744;

export class MemoryConnection {
  readonly board: Socket;
  readonly peer: PeerConnection;
  private readonly handlers: SocketHandlers;
  private readonly up: Pipe;
  private readonly down: Pipe;
  private received = '';
  private gone = false;
  private wasReset = false;

  constructor(later: Later, handlers: SocketHandlers) {
    this.handlers = handlers;
    this.up = new Pipe(later, {
      onBytes: (bytes) => {
        this.received += bytes;
      },
      onEnd: () => this.closeWhenBothEnded(),
      onDrain: () => this.tell(() => handlers.onDrain()),
    });
    this.down = new Pipe(later, {
      onBytes: (bytes) => this.tell(() => handlers.onData(bytes)),
      onEnd: () => {
        this.up.end();
        this.closeWhenBothEnded();
      },
      onDrain: () => {},
    });
    this.up.pause();
    this.board = {
      write: (bytes) => !this.gone && this.up.write(bytes),
      end: () => this.up.end(),
      destroy: () => this.drop(),
      pause: () => this.down.pause(),
      resume: () => this.down.resume(),
    };
    this.peer = this.makePeer();
  }

  establish(): void {
    this.tell(() => this.handlers.onConnect());
    if (!this.gone) this.up.resume();
  }

  /** Nothing passes any more, and the board is told why. */
  fail(kind: NetErrorKind): void {
    this.tell(() => {
      this.drop();
      this.handlers.onClose({ kind, message: kind });
    });
  }

  private drop(): void {
    this.gone = true;
    this.up.destroy();
    this.down.destroy();
  }

  private tell(call: () => void): void {
    if (!this.gone) call();
  }

  private closeWhenBothEnded(): void {
    if (!this.up.ended || !this.down.ended) return;
    this.tell(() => {
      this.gone = true;
      this.handlers.onClose(null);
    });
  }

  private makePeer(): PeerConnection {
    const connection = this;
    return {
      get received() {
        return connection.received;
      },
      get ended() {
        return connection.up.ended;
      },
      get closed() {
        return connection.wasReset || (connection.up.ended && connection.down.ended);
      },
      write: (bytes) => void this.down.write(bytes),
      end: () => this.down.end(),
      reset: () => {
        this.wasReset = true;
        this.fail('reset');
      },
    };
  }
}

interface Sink {
  onBytes(bytes: string): void;
  onEnd(): void;
  onDrain(): void;
}

/** One direction: a segment a millisecond, then the FIN. */
class Pipe {
  ended = false;
  private readonly later: Later;
  private readonly sink: Sink;
  private queue = '';
  private ending = false;
  private paused = false;
  private dead = false;
  private scheduled = false;

  constructor(later: Later, sink: Sink) {
    this.later = later;
    this.sink = sink;
  }

  write(bytes: string): boolean {
    if (this.ending || this.dead) return false;
    this.queue += bytes;
    this.schedule();
    return this.queue.length < SEND_BUFFER_BYTES;
  }

  end(): void {
    this.ending = true;
    this.schedule();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.schedule();
  }

  destroy(): void {
    this.dead = true;
  }

  private schedule(): void {
    if (this.scheduled || this.idle()) return;
    this.scheduled = true;
    this.later(1, () => {
      this.scheduled = false;
      if (!this.idle()) this.step();
    });
  }

  private idle(): boolean {
    return this.paused || this.dead || this.ended;
  }

  private step(): void {
    const segment = this.queue.slice(0, SEGMENT_BYTES);
    this.queue = this.queue.slice(SEGMENT_BYTES);
    if (segment !== '') this.sink.onBytes(segment);
    if (this.dead) return;
    if (this.queue !== '') {
      this.schedule();
    } else if (this.ending) {
      this.ended = true;
      this.sink.onEnd();
    } else {
      this.sink.onDrain();
    }
  }
}
