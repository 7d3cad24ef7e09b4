/**
 * The air of one channel, which all its radios share: who sends next, who collides, and how long the air is
 * taken (EDCA, IEEE 802.11-2020 clause 10.23.2).
 *
 * Among radios that hear each other everything is settled once one begins to send: nobody else begins before
 * it ends. So an exchange is one event, whatever the number of slots and radios. Where some are hidden from
 * each other, a frame's fate is open until it ends: two events more, and it is told of 5 µs late.
 *
 * Every signal is as strong as every other: of frames that overlap where they are to be received, none
 * arrives. Not modelled: capture and EIFS (in ns-3 they made no difference to this traffic), access
 * categories other than best effort, RTS/CTS.
 */

import { LazyTimer } from '../../../kernel/lazy-timer.ts';
import type { Handler } from '../../../kernel/queue.ts';
import type { Timeline } from '../../../kernel/timeline.ts';
import { BEACON_US as BEACON_INTERVAL_US } from '../../rules/power-save.ts';
import type { Beacon } from './beacon.ts';
import { CarrierSense } from './carrier-sense.ts';
import * as edca from './edca.ts';
import * as phy from './phy.ts';
import { NOWHERE, type Transmitter } from './transmitter.ts';

/** Constants of this module's own: they are read at every look at the air. */
const { NOTICED_US } = edca;
const { SIFS_US } = phy;

const NEVER = Number.POSITIVE_INFINITY;

export class Medium implements Handler {
  /** Of all who hear everybody. */
  readonly carrier = new CarrierSense<Transmitter>();
  private readonly kernel: Timeline;
  private readonly timer: LazyTimer;
  /** Those with something to send, in no order; and those that send by the clock. */
  private readonly contenders: Transmitter[] = [];
  private readonly beacons: Beacon[] = [];
  /** When the first of them begins, if nothing changes before. */
  private nextUs = NEVER;
  /** Those who begin together; what is behind their number is of earlier times. */
  private readonly starting: Transmitter[] = [];
  /** Time in which anything was sent, µs; and the end of what was sent last. */
  private busy = 0;
  private busyUntilUs = 0;

  /**
   * Those who do not hear everybody, each with a carrier of its own; frames whose fate is open; until when an
   * answer is on the air, µs.
   */
  private readonly hidden: Transmitter[] = [];
  private readonly onAir: Transmitter[] = [];
  private answerUntilUs = 0;
  private readonly answers: Handler = { onEvent: (frame) => this.hearAnswer(frame as Transmitter) };

  constructor(kernel: Timeline) {
    this.kernel = kernel;
    this.timer = new LazyTimer(kernel, () => this.exchange());
  }

  get nowUs(): number {
    return this.kernel.nowUs;
  }

  /** Time in which anything was on the air, from the starting until now, µs. */
  get busyUs(): number {
    this.catchUp();
    return this.busy - Math.max(0, this.busyUntilUs - this.nowUs);
  }

  /** It has something to send, until it is found to have nothing any more. */
  contend(transmitter: Transmitter): void {
    if (transmitter.place !== NOWHERE) return;
    this.catchUp();
    transmitter.request(this.nowUs);
    transmitter.place = this.contenders.push(transmitter) - 1;
    const { accessUs } = transmitter;
    if (accessUs < this.nextUs) this.nextUs = accessUs;
    this.timer.arm(this.nextUs + NOTICED_US);
  }

  /** It has nothing to send any more; a frame that is on the air still ends. */
  leave(transmitter: Transmitter): void {
    this.forget(transmitter);
    this.plan();
  }

  /**
   * These two do not hear each other from now on; nothing of theirs may be on the air, and neither is an
   * access point.
   */
  hide(one: Transmitter, other: Transmitter): void {
    this.deafen(one, other);
    this.deafen(other, one);
  }

  /** One of this channel does not hear the other, which may be of another channel. */
  deafen(one: Transmitter, other: Transmitter): void {
    this.ownCarrier(one).add(other);
  }

  /** A radio comes from another channel, with those whom it does not hear. */
  adopt(transmitter: Transmitter): void {
    const { hiddenFrom } = transmitter.carrier;
    transmitter.carrier = this.carrier;
    if (hiddenFrom !== null) for (const other of hiddenFrom) this.ownCarrier(transmitter).add(other);
  }

  /** A radio with nothing to send leaves the channel; what it has on the air comes to nothing. */
  remove(transmitter: Transmitter): void {
    if (transmitter.carrier !== this.carrier) this.hidden.splice(this.hidden.indexOf(transmitter), 1);
    if (transmitter.onAir) this.onAir.splice(this.onAir.indexOf(transmitter), 1);
    transmitter.onAir = false;
    this.leave(transmitter);
  }

  onEvent(frame: unknown): void {
    const ended = frame as Transmitter;
    const index = this.onAir.indexOf(ended);
    if (index < 0) return; // its radio has left
    this.onAir.splice(index, 1);
    this.finish(ended);
    this.plan();
  }

  /** The beacon that is due next, and those after it, are sent. */
  addBeacon(beacon: Beacon): void {
    this.catchUp();
    beacon.resume(this.nowUs);
    this.beacons.push(beacon);
    this.plan();
  }

  removeBeacon(beacon: Beacon): void {
    this.catchUp();
    this.beacons.splice(this.beacons.indexOf(beacon), 1);
    this.plan();
  }

  /**
   * Who waits for one of its beacons is told of it in time; otherwise beacons are made up for when somebody
   * wants the air.
   */
  awaitBeacon(beacon: Beacon): void {
    if (beacon.awaited) return;
    this.catchUp();
    beacon.awaited = true;
    this.timer.arm(this.nextUs + NOTICED_US);
  }

  /** The next who begin to send, and whoever begins before it can notice. */
  private exchange(): void {
    const { contenders, beacons, starting } = this;
    const firstUs = this.nextUs;
    this.nextUs = NEVER;
    let count = 0;
    for (let index = 0; index < contenders.length; index++) {
      if (contenders[index].accessUs < firstUs + NOTICED_US) starting[count++] = contenders[index];
    }
    for (let index = 0; index < beacons.length; index++) {
      if (beacons[index].accessUs < firstUs + NOTICED_US) starting[count++] = beacons[index];
    }
    if (count === 1 && this.hidden.length === 0) this.sendAlone(starting[0], firstUs);
    else this.sendTogether(starting.slice(0, count), firstUs);
    this.plan();
  }

  /** Whom everybody hears. */
  private sendAlone(frame: Transmitter, firstUs: number): void {
    const { contenders } = this;
    frame.begin();
    this.countBusy(frame.sinceUs, frame.untilUs);
    this.carrier.hearOne(frame);
    for (let index = 0; index < contenders.length; index++) if (contenders[index] !== frame) contenders[index].defer(firstUs);
    this.finish(frame);
  }

  private sendTogether(frames: readonly Transmitter[], firstUs: number): void {
    const { contenders, hidden } = this;
    for (const frame of frames) {
      frame.begin();
      this.countBusy(frame.sinceUs, frame.untilUs);
    }
    if (frames.length > 1 && hidden.length === 0) for (const frame of frames) frame.collided = true;
    this.carrier.hear(frames);
    for (const { carrier: own } of hidden) own.hear(frames);
    for (const contender of contenders) if (!contender.onAir && contender.carrier.heard) contender.defer(firstUs);
    for (const frame of frames) {
      if (hidden.length === 0 || frame.untilUs <= this.nowUs) this.finish(frame);
      else this.overlap(frame);
    }
  }

  /**
   * With none but beacons to send, time has gone by without an event. Of a long time only the end is played:
   * each interval of it was like the others.
   */
  private catchUp(): void {
    if (this.contenders.length > 0) return;
    const intervals = Math.floor((this.nowUs - this.nextUs) / BEACON_INTERVAL_US) - 1;
    if (intervals > 0 && this.onAir.length === 0) {
      for (const beacon of this.beacons) this.busy += beacon.pass(intervals);
      this.plan();
    }
    while (this.contenders.length === 0 && this.nextUs + NOTICED_US <= this.nowUs) this.exchange();
  }

  private plan(): void {
    const { contenders, beacons } = this;
    let nextUs = NEVER;
    let awaited = contenders.length > 0;
    for (let index = 0; index < contenders.length; index++) nextUs = Math.min(nextUs, contenders[index].accessUs);
    for (let index = 0; index < beacons.length; index++) {
      nextUs = Math.min(nextUs, beacons[index].accessUs);
      awaited ||= beacons[index].awaited;
    }
    this.nextUs = nextUs;
    if (awaited && nextUs < NEVER) this.timer.arm(nextUs + NOTICED_US);
    else this.timer.disarm();
  }

  /** The fate of a frame is known: it has ended, or nobody can disturb it until it will. */
  private finish(frame: Transmitter): void {
    if (frame.answerUs > 0 && !frame.spoiled && !frame.collided) {
      const sinceUs = frame.untilUs + SIFS_US;
      const untilUs = sinceUs + frame.answerUs;
      this.countBusy(sinceUs, untilUs);
      if (this.hidden.length > 0) this.answer(frame, sinceUs, untilUs);
    }
    frame.end();
    if (!frame.pending) this.forget(frame);
  }

  private forget(transmitter: Transmitter): void {
    const { contenders } = this;
    if (transmitter.place === NOWHERE || transmitter.onAir) return;
    const last = contenders.pop() as Transmitter;
    if (last !== transmitter) {
      contenders[transmitter.place] = last;
      last.place = transmitter.place;
    }
    transmitter.place = NOWHERE;
  }

  private countBusy(sinceUs: number, untilUs: number): void {
    if (untilUs <= this.busyUntilUs) return;
    this.busy += untilUs - Math.max(sinceUs, this.busyUntilUs);
    this.busyUntilUs = untilUs;
  }

  /** A frame begins whose sender may not hear what is on the air. */
  private overlap(frame: Transmitter): void {
    if (frame.sinceUs < this.answerUntilUs) frame.collided = true;
    for (const other of this.onAir) {
      if (frame.sinceUs >= other.untilUs) continue;
      frame.collided ||= reaches(other, frame.to);
      other.collided ||= reaches(frame, other.to);
    }
    this.onAir.push(frame);
    this.kernel.schedule(frame.untilUs + NOTICED_US, this, frame); // whoever began before its end has been noticed then
  }

  /** Whoever begins before the answer is noticed is not heard by who sends that. */
  private answer(frame: Transmitter, sinceUs: number, untilUs: number): void {
    this.answerUntilUs = untilUs;
    for (const other of this.onAir) if (other.sinceUs >= frame.untilUs) other.collided = true;
    this.kernel.schedule(sinceUs + NOTICED_US, this.answers, frame);
  }

  /**
   * The answer to a frame is noticed by those for whom the air is not reserved, but not by those who begin to
   * send at this moment.
   */
  private hearAnswer(frame: Transmitter): void {
    const sinceUs = frame.untilUs + SIFS_US;
    const untilUs = sinceUs + frame.answerUs;
    this.carrier.hearAnswer(frame.to, sinceUs, untilUs);
    for (const one of this.hidden) {
      const begins = one.onAir || (one.place !== NOWHERE && one.accessUs < sinceUs + NOTICED_US);
      if (begins) one.carrier.heard = false;
      else one.carrier.hearAnswer(frame.to, sinceUs, untilUs);
    }
    for (const contender of this.contenders) if (!contender.onAir && contender.carrier.heard) contender.defer(sinceUs);
    this.plan();
  }

  private ownCarrier(transmitter: Transmitter): Set<Transmitter> {
    if (transmitter.carrier === this.carrier) {
      transmitter.carrier = this.carrier.split();
      this.hidden.push(transmitter);
    }
    return transmitter.carrier.hiddenFrom as Set<Transmitter>;
  }
}

/** Whether a receiver, if it is one of this channel, has its frame spoiled by another one's. */
function reaches(other: Transmitter, receiver: Transmitter | null): boolean {
  return !receiver?.carrier.hiddenFrom?.has(other);
}
