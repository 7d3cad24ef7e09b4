/**
 * The relay's end of a connection without a network: what the relay writes is kept write by write, what the
 * test pushes is what the peer sent.
 */
import { Duplex } from 'node:stream';

export class MemoryConnection extends Duplex {
  readonly writes: Buffer[] = [];
  /** The relay has sent FIN. */
  finSent = false;
  private stalled: (() => void) | null = null;
  private isReading = true;

  /** The peer stops reading: the first write from now on is never done. */
  stopReading(): void {
    this.isReading = false;
  }

  startReading(): void {
    this.isReading = true;
    this.stalled?.();
    this.stalled = null;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk);
    if (this.isReading) done();
    else this.stalled = done;
  }

  override _final(done: () => void): void {
    this.finSent = true;
    done();
  }

  override _read(): void {}

  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
}
