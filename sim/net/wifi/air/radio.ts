/**
 * A radio that sends packets to one receiver (a station) or to many (an access point): a contender with a
 * queue.
 *
 * With aggregation, what waits in the queue for the receiver whose turn it is goes in one A-MPDU and is
 * acknowledged together (IEEE 802.11-2020, 10.12 and 10.25). Not modelled: A-MSDU, the setting up of the
 * block acknowledgement agreement, the receiver's window, RTS/CTS (off on the ESP32).
 */
import type { AirLoss, AirPath } from './air-path.ts';
import { Contender, type ContenderSettings } from './contender.ts';
import type { Medium } from './medium.ts';
import { MAC_OVERHEAD_BYTES, SIFS_US } from './phy.ts';
import { type QueueSettings, TransmitQueue } from './transmit-queue.ts';

/**
 * Most packets and bytes of an A-MPDU (10.25.6.2, table 9-186); what stands before each, which is padded to a
 * multiple of it (9.7.1).
 */
const AMPDU_PACKETS = 64;
const AMPDU_BYTES = 65_535;
const DELIMITER_BYTES = 4;

/** Bytes of the frame that carries so many packets of this size. */
export function frameBytes(packetBytes: number, packets: number): number {
  const bytes = packetBytes + MAC_OVERHEAD_BYTES;
  return packets === 1 ? bytes : packets * subframeBytes(bytes);
}

function subframeBytes(bytes: number): number {
  return Math.ceil((bytes + DELIMITER_BYTES) / DELIMITER_BYTES) * DELIMITER_BYTES;
}

export interface RadioSettings extends ContenderSettings {
  queue: QueueSettings;
  /** Whether packets for one receiver go together. */
  aggregate: boolean;
}

export class Radio extends Contender {
  /**
   * Packets that arrived, that failed at the last try, that had waited too long, that found the queue full.
   */
  delivered = 0;
  retryDrops = 0;
  expired = 0;
  queueDrops = 0;
  /** The longest queue, packets. */
  queueMax = 0;
  /** Its time on the air, answers included, µs; those of a cell count together. */
  meter = { airUs: 0 };
  private medium: Medium;
  /** It sends nothing until it is tuned. */
  private muted = false;
  private readonly queue: TransmitQueue;
  private readonly aggregate: boolean;
  /** Packets in the frame on the air. */
  private batch = 0;
  /** How long packets waited in all, and since when they do again, or when the last one was gone, µs. */
  private waited = 0;
  private waitsSinceUs = 0;

  constructor(medium: Medium, settings: RadioSettings) {
    super(medium.carrier, settings);
    this.medium = medium;
    this.queue = new TransmitQueue(settings.queue);
    this.aggregate = settings.aggregate;
  }

  /** Packets that wait, those on the air included. */
  get queued(): number {
    return this.queue.length;
  }

  get pending(): boolean {
    return this.queue.length > 0;
  }

  /** Time in which packets waited, those on the air included, µs. */
  get waitedUs(): number {
    return this.waited + (this.pending ? Math.max(0, this.medium.nowUs - this.waitsSinceUs) : 0);
  }

  /** @param bytes of the IP packet. The path's receiver hears how it ended, at once when there is no room. */
  send(path: AirPath, packet: unknown, bytes: number): void {
    this.sendFrame(path, packet, bytes + MAC_OVERHEAD_BYTES);
  }

  /** @param bytes of the MAC frame */
  sendFrame(path: AirPath, packet: unknown, bytes: number): void {
    const { queue, medium } = this;
    if (!queue.push(path, packet, bytes, medium.nowUs)) {
      this.queueDrops++;
      path.receiver.lose(packet, 'queue full');
      return;
    }
    if (queue.length > this.queueMax) this.queueMax = queue.length;
    if (queue.length === 1) this.waitsSinceUs = Math.max(this.waitsSinceUs, medium.nowUs);
    if (!this.muted) medium.contend(this);
  }

  /** One of the same channel that does not hear the other, which may be of another. */
  deafen(other: Radio): void {
    this.medium.deafen(this, other);
  }

  /** Forgets what waits for this receiver. */
  clear(path: AirPath): void {
    const { queue, medium } = this;
    if (this.onAir && queue.next === path) this.batch = 0;
    const waited = this.pending;
    for (let count = queue.clear(path, medium.nowUs); count > 0; count--) path.shift();
    if (this.pending) return;
    if (waited) this.rest(medium.nowUs);
    medium.leave(this);
  }

  get channel(): Medium {
    return this.medium;
  }

  get isMuted(): boolean {
    return this.muted;
  }

  /** Sends nothing until it is tuned to a channel; what it is given meanwhile waits. */
  mute(): void {
    this.muted = true;
    this.medium.leave(this);
  }

  /** Goes to another channel, with what waits. */
  tune(medium: Medium): void {
    this.medium.remove(this);
    this.medium = medium;
    medium.adopt(this);
    this.forgetBackoff();
    this.muted = false;
    if (this.pending) medium.contend(this);
  }

  protected prepare(): void {
    const { queue, sinceUs } = this;
    while (queue.length > 1 && queue.overdue(sinceUs)) {
      this.expired++;
      this.drop('expired');
      this.startOver();
    }
    const path = queue.next;
    const bytes = this.aggregate ? this.fill(path) : path.bytesAt(0);
    if (!this.aggregate) this.batch = 1;
    const { rate } = path;
    const us = rate.airUs(bytes);
    this.untilUs = sinceUs + us;
    this.answerUs = this.batch > 1 ? rate.blockAckUs : rate.ackUs;
    this.timeoutUs = rate.ackTimeoutUs;
    this.to = path.to;
    this.spoiled = path.fails();
    this.meter.airUs += us;
  }

  protected arrive(): void {
    const { queue, medium, batch } = this;
    if (batch === 0) return;
    const { nowUs } = medium;
    const path = queue.next;
    const atUs = Math.max(this.untilUs, nowUs);
    this.delivered += batch;
    this.meter.airUs += this.answerUs;
    for (let index = 0; index < batch; index++) path.receiver.arrive(queue.take(path, nowUs), atUs);
    if (!this.pending) this.rest(this.untilUs + SIFS_US + this.answerUs);
  }

  protected giveUp(): void {
    this.retryDrops += this.batch;
    for (let index = 0; index < this.batch; index++) this.drop('retries');
    if (!this.pending) this.rest(this.untilUs);
  }

  /** Nothing waits any more from then on. */
  private rest(atUs: number): void {
    this.waited += Math.max(0, atUs - this.waitsSinceUs);
    this.waitsSinceUs = atUs;
  }

  private drop(why: AirLoss): void {
    const path = this.queue.next;
    path.receiver.lose(this.queue.take(path, this.medium.nowUs), why);
  }

  /** Takes as many packets of one path as go together. @returns bytes of the frame */
  private fill(path: AirPath): number {
    let bytes = 0;
    let count = 0;
    for (; count < Math.min(path.admitted, AMPDU_PACKETS); count++) {
      const padded = subframeBytes(path.bytesAt(count));
      if (bytes + padded > AMPDU_BYTES) break;
      bytes += padded;
    }
    this.batch = count;
    return count > 1 ? bytes : path.bytesAt(0);
  }
}
