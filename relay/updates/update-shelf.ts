/**
 * Firmware that boards may fetch over their sessions, and who is offered which. The other end is
 * firmware/ota, and what both say is in firmware/ota/protocol.ts. Nothing is remembered of a board: it is
 * offered its image whenever it opens a session, and what it asks for it gets.
 *
 * No client's message that begins as one about updates is passed on to others, also by a shelf with nothing
 * on it, so that none of them can offer anything.
 */
import { createHash } from 'node:crypto';
import { UPDATE_CHUNK_MAX_BYTES, UPDATE_IMAGE_MAX_BYTES } from './update-limits.ts';

/** Images at a time. */
const IMAGES_MAX = 100;
/** Longer than any request, bytes. */
const REQUEST_MAX_BYTES = 80;
const REQUEST = /^ota\.get ([0-9a-f]{40}) (\d{1,5}) (\d{1,5})$/;
const OURS = Buffer.from('ota.');

/** What became of a message of a client. */
export interface UpdateAnswer {
  /** A binary message; null: there is nothing to say. */
  data: Buffer | null;
  /** The first or the last chunk of an image, and which. */
  milestone: '' | 'begins' | 'is fetched';
  sha1: string;
}

const NOTHING: UpdateAnswer = { data: null, milestone: '', sha1: '' };

export class UpdateShelf {
  private readonly images = new Map<string, Buffer>();
  private readonly offered = new Map<string, string>();
  private isOffered: (id: string) => string | null = () => null;

  /**
   * Puts an image on the shelf. @param bytes 1 to UPDATE_IMAGE_MAX_BYTES @returns its SHA-1, hexadecimal
   * digits
   */
  add(bytes: Buffer): string {
    if (bytes.length < 1 || bytes.length > UPDATE_IMAGE_MAX_BYTES)
      throw new Error(`an image of ${bytes.length} bytes: expected 1 to ${UPDATE_IMAGE_MAX_BYTES}`);
    const sha1 = createHash('sha1').update(bytes).digest('hex');
    if (!this.images.has(sha1) && this.images.size === IMAGES_MAX) throw new Error(`more than ${IMAGES_MAX} images`);
    this.images.set(sha1, bytes);
    return sha1;
  }

  /** Offers an image of the shelf to a client, in place of any other. */
  offer(sha1: string, id: string): void {
    this.offered.set(id, sha1);
  }

  withdraw(id: string): void {
    this.offered.delete(id);
  }

  /** Offers an image of the shelf to all whom nothing else is offered and whom this picks. */
  offerTo(sha1: string, picks: (id: string) => boolean): void {
    this.isOffered = (id) => (picks(id) ? sha1 : null);
  }

  /** The text that offers this client its image; null: there is none for it. */
  textFor(id: string): string | null {
    const sha1 = this.offered.get(id) ?? this.isOffered(id);
    const bytes = sha1 === null ? 0 : this.images.get(sha1)?.length;
    return bytes ? `ota.offer ${sha1} ${bytes}` : null;
  }

  /** What a client gets for its message; null: it is about something else. */
  answer(payload: Buffer, binary: boolean): UpdateAnswer | null {
    if (!payload.subarray(0, OURS.length).equals(OURS)) return null;
    const request = binary || payload.length > REQUEST_MAX_BYTES ? null : REQUEST.exec(payload.toString('latin1'));
    if (request === null) return NOTHING;
    const [, sha1, from, bytes] = request;
    const image = this.images.get(sha1);
    const [offset, length] = [Number(from), Math.min(Number(bytes), UPDATE_CHUNK_MAX_BYTES)];
    if (image === undefined || length === 0 || offset + length > image.length) return NOTHING;
    const data = Buffer.concat([Buffer.from(`ota.data ${sha1} ${offset}\n`), image.subarray(offset, offset + length)]);
    return { data, sha1, milestone: offset + length === image.length ? 'is fetched' : offset === 0 ? 'begins' : '' };
  }
}

/** Whether a client is among this share of all, 0 to 1; whoever is in a smaller share is in a larger one. */
export function isInShare(id: string, share: number): boolean {
  return createHash('sha1').update(id).digest().readUInt32BE() < share * 2 ** 32;
}
