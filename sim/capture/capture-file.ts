/**
 * The file that a capture goes to: written in large pieces that end where a block ends, so that it is whole
 * whenever it is looked at, and no longer than it may be.
 *
 * It is written in its place from the start, as tcpdump and dumpcap do, and for its owner only: payloads are
 * in it.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { CaptureSink } from './capture.ts';

/** Bytes that wait before they are written. */
const BUFFER_BYTES = 256 * 1024;
const OWNER_ONLY = 0o600;

export class CaptureFile implements CaptureSink {
  private readonly maxBytes: number;
  private readonly onFailure: () => void;
  private readonly descriptor: number;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private bytes = 0;
  private isOpen = true;
  packets = 0;
  /** Of those that came after it was full. */
  packetsLeftOut = 0;
  /** Time of the first packet that found no room, µs; null: there was room for all. */
  fullAtUs: number | null = null;
  /** What the operating system said to a write; nothing is written after that. */
  failure: unknown = null;

  /**
   * @param onFailure called once, when a write has failed @throws what the operating system says of the path
   */
  constructor(path: string, maxBytes: number, onFailure: () => void) {
    this.maxBytes = maxBytes;
    this.onFailure = onFailure;
    this.descriptor = openSync(path, 'w', OWNER_ONLY);
  }

  /** There is always room for it. */
  begin(block: Buffer): void {
    this.bytes += block.length;
    this.waiting.push(block);
    this.waitingBytes += block.length;
    if (this.waitingBytes >= BUFFER_BYTES) this.flush();
  }

  take(block: Buffer, atUs: number): void {
    if (this.fullAtUs === null && this.bytes + block.length > this.maxBytes) this.fullAtUs = atUs;
    if (this.fullAtUs !== null) {
      this.packetsLeftOut++;
      return;
    }
    this.packets++;
    this.begin(block);
  }

  /** Safe to call more than once. */
  close(): void {
    if (!this.isOpen) return;
    this.flush();
    this.isOpen = false;
    closeSync(this.descriptor);
  }

  /**
   * Failures are kept, not thrown: blocks come from deep inside a world, where an exception would be taken
   * for the world's own.
   */
  private flush(): void {
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    if (this.failure !== null || !this.isOpen) return;
    try {
      // A write to a disk that fills up may end short before the next one fails.
      for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
    } catch (error) {
      this.failure = error;
      this.onFailure();
    }
  }
}
