/**
 * An image on its way into flash: the offer that it answers, and its chunks, a file each, so that what has
 * arrived is there after a power cut. The offer is written after the chunks of another one are gone, and
 * before its own come: chunks beside an offer are always that offer's.
 *
 * SHA-1 over the whole says whether it is the image that was offered, at 160 bits more surely than any flash
 * or network errs. It is the one digest that every backend has in native code, since WebSocket needs it; a
 * CRC or SHA-256 in JavaScript takes Espruino seconds a kilobyte. It is no signature: who may offer images is
 * for TLS and the relay to say.
 */
import type { Hal } from 'hal';
import { freeSlot, hex, readBootRecord, writeBootRecord } from './boot-record.ts';

/** A sector of flash without the header that Espruino gives a file (32 bytes): a chunk wears one. */
export const CHUNK_BYTES = 4064;
/** The longest file of the HAL. */
export const IMAGE_MAX_BYTES = 65536;
const CHUNKS_MAX = /* @__PURE__ */ Math.ceil(IMAGE_MAX_BYTES / CHUNK_BYTES);

const OFFER = 'ota.offer';
const CHUNK = 'ota.chunk';

export interface Offer {
  /** 40 hexadecimal digits. */
  sha1: string;
  /** 1 to IMAGE_MAX_BYTES. */
  bytes: number;
}

export class ImageStore {
  private readonly hal: Hal;
  private offer: Offer = { sha1: '', bytes: 0 };
  /** Chunks that have arrived, from the first on. */
  private chunks: number = 0;

  constructor(hal: Hal) {
    this.hal = hal;
  }

  /** Bytes that have arrived. */
  get arrived(): number {
    return Math.min(this.chunks * CHUNK_BYTES, this.offer.bytes);
  }

  /** Goes on where this image was, or begins. @returns false when flash takes nothing */
  begin(offer: Offer): boolean {
    const { storage } = this.hal;
    const text = `${offer.sha1} ${offer.bytes}`;
    this.offer = offer;
    this.chunks = 0;
    if (storage.read(OFFER) !== text) {
      this.clear();
      return storage.write(OFFER, text);
    }
    while (this.arrived < offer.bytes && this.has(this.chunks)) this.chunks++;
    return true;
  }

  /** The next chunk. @returns false when flash did not take it */
  add(bytes: string): boolean {
    if (!this.hal.storage.write(CHUNK + this.chunks, bytes)) return false;
    this.chunks++;
    return true;
  }

  /**
   * All chunks are there: makes the image of them, and last of all points the boot record at it.
   * @returns what was wrong with it, '' when nothing was
   */
  install(): string {
    const { storage, crypto } = this.hal;
    const { sha1 } = this.offer;
    let image = '';
    for (let i = 0; i < this.chunks; i++) image += storage.read(CHUNK + i);
    if (hex(crypto.sha1(image)) !== sha1) return 'checksum';
    const record = readBootRecord(storage);
    const slot = freeSlot(record);
    if (!storage.write(slot, image)) return 'flash';
    image = '';
    // What flash gives back is what will be booted.
    const written = storage.read(slot);
    if (written === null || hex(crypto.sha1(written)) !== sha1) return 'flash';
    record.trial = { slot, sha1, state: 'new', tries: 0 };
    return writeBootRecord(storage, record) ? '' : 'flash';
  }

  /** Nothing of any image on its way is left. */
  clear(): void {
    const { storage } = this.hal;
    storage.erase(OFFER);
    for (let i = 0; i < CHUNKS_MAX; i++) storage.erase(CHUNK + i);
    this.chunks = 0;
  }

  private has(chunk: number): boolean {
    const bytes = this.hal.storage.read(CHUNK + chunk);
    return bytes !== null && bytes.length === Math.min(CHUNK_BYTES, this.offer.bytes - chunk * CHUNK_BYTES);
  }
}
