/**
 * The packets that wait at a radio, in two stages as in Linux: a short list in the order in which they will
 * be sent, and before it, for what has no room there, one queue per receiver, served in turn by deficit round
 * robin (Shreedhar and Varghese 1995; fq_codel and mac80211 do so).
 *
 * A list alone is the plain first-in-first-out queue of a simple access point or a station; a list of one
 * packet alone serves each receiver in turn. Not modelled: CoDel's drops, and its head start for receivers
 * that had nothing waiting; a full queue refuses what comes, whoever has most in it.
 */
import type { AirPath } from './air-path.ts';

export interface QueueSettings {
  /** Room in the list, packets, at least 1. */
  listPackets: number;
  /** Room before it, all receivers together, packets; 0: what does not fit into the list is dropped. */
  waitingPackets: number;
  /** What one receiver may be sent in its turn, bytes of MAC frames, at least 1. */
  quantumBytes: number;
  /**
   * A packet that is older when its turn comes is dropped unless it is the last one, µs since it came into
   * the list.
   */
  lifetimeUs: number;
}

/** A power of two, so that a mask wraps an index. */
const FIRST_PLACES = 4;

export class TransmitQueue {
  private readonly settings: QueueSettings;
  /** Whether packets become too old to be sent. */
  private readonly ages: boolean;
  /** The list, a ring of paths and of when their packets came in. Some places are vacant (AirPath.vacant). */
  private paths: AirPath[] = [];
  private sinceUs: number[] = [];
  private first = 0;
  private places = 0;
  private vacant = 0;
  /** Those with packets that wait before the list, in turn; and how many packets that is. */
  private readonly turns: AirPath[] = [];
  private waiting = 0;

  constructor(settings: QueueSettings) {
    this.settings = settings;
    this.ages = settings.lifetimeUs < Number.POSITIVE_INFINITY;
  }

  /** Packets in it. */
  get length(): number {
    return this.places - this.vacant + this.waiting;
  }

  /** Whose packet is next; the queue is not empty. */
  get next(): AirPath {
    return this.paths[this.first];
  }

  /** Whether the next packet is too old to be sent. */
  overdue(nowUs: number): boolean {
    return this.ages && nowUs - this.sinceUs[this.first] > this.settings.lifetimeUs;
  }

  /** @returns false when there is no room */
  push(path: AirPath, packet: unknown, bytes: number, nowUs: number): boolean {
    const { listPackets, waitingPackets, quantumBytes } = this.settings;
    if (this.waiting === 0 && this.places - this.vacant < listPackets) {
      path.push(packet, bytes);
      this.admit(path, nowUs);
      return true;
    }
    if (this.waiting >= waitingPackets) return false;
    if (path.length === path.admitted) {
      path.deficitBytes = quantumBytes;
      this.turns.push(path);
    }
    path.push(packet, bytes);
    this.waiting++;
    return true;
  }

  /** The first packet of `path`, out of the list, in which it must have one. */
  take(path: AirPath, nowUs: number): unknown {
    path.admitted--;
    this.leavePlaces(path, 1);
    const packet = path.shift();
    if (this.waiting > 0) this.refill(nowUs);
    return packet;
  }

  /**
   * Takes out all that waits for one receiver. @returns how many packets that was; they are still in the path
   */
  clear(path: AirPath, nowUs: number): number {
    const waiting = path.length - path.admitted;
    if (waiting > 0) {
      this.waiting -= waiting;
      this.turns.splice(this.turns.indexOf(path), 1);
    }
    this.leavePlaces(path, path.admitted);
    path.admitted = 0;
    if (this.waiting > 0) this.refill(nowUs);
    return path.length;
  }

  /** Places in the list become vacant, and those at its front are given up. */
  private leavePlaces(path: AirPath, count: number): void {
    path.vacant += count;
    this.vacant += count;
    while (this.places > 0 && this.paths[this.first].vacant > 0) {
      this.paths[this.first].vacant--;
      this.vacant--;
      this.first = (this.first + 1) & (this.paths.length - 1);
      this.places--;
    }
  }

  /** Fills the list from those who wait, each in its turn. */
  private refill(nowUs: number): void {
    const { turns } = this;
    const { listPackets, quantumBytes } = this.settings;
    while (this.waiting > 0 && this.places - this.vacant < listPackets) {
      const path = turns[0];
      if (path.deficitBytes <= 0) {
        path.deficitBytes += quantumBytes;
        turns.push(turns.shift() as AirPath);
        continue;
      }
      path.deficitBytes -= path.bytesAt(path.admitted);
      this.waiting--;
      this.admit(path, nowUs);
      if (path.length === path.admitted) turns.shift();
    }
  }

  private admit(path: AirPath, nowUs: number): void {
    if (this.places === this.paths.length) this.grow(path);
    const place = (this.first + this.places++) & (this.paths.length - 1);
    this.paths[place] = path;
    if (this.ages) this.sinceUs[place] = nowUs;
    path.admitted++;
  }

  /** @param path fills the new places; it is never read there */
  private grow(path: AirPath): void {
    const { paths, sinceUs, first } = this;
    const more = Math.max(paths.length, FIRST_PLACES);
    this.paths = [...paths.slice(first), ...paths.slice(0, first), ...new Array<AirPath>(more).fill(path)];
    this.sinceUs = [...sinceUs.slice(first), ...sinceUs.slice(0, first), ...new Array<number>(more).fill(0)];
    this.first = 0;
  }
}
