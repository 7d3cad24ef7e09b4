/**
 * A channel over which the board's own firmware can be replaced: the app has it as any other, and what is
 * said about updates passes it by.
 *
 *   idle -> fetching, chunk by chunk, and from there back to idle (nobody answers, flash fails) or to a
 *   restart, by which the boot code (boot-record.ts) tries the new image.
 *
 * An image that is on trial is confirmed when the channel opens: whoever can be reached can be updated again.
 * Each wait has its deadline, and nothing here waits: the app goes on meanwhile. Flash does hold it up, a
 * chunk for some 60 ms and the whole image, once, for as many times that as it has chunks.
 */
import type { Hal, TimerId } from 'hal';
import type { Channel, MessageHandler, StateHandler } from '../channel/channel.ts';
import type { ChannelCause, ChannelState } from '../events.ts';
import { BOOT_TRIES_MAX, type BootRecord, confirmImage, isPending, readBootRecord, type Trial, writeBootRecord } from './boot-record.ts';
import { CHUNK_BYTES, ImageStore, type Offer } from './image-store.ts';
import { dataOf, isData, readOffer, requestOf } from './protocol.ts';

/** From a request to its answer, ms: TCP's third retransmission on a slow link, and some. */
const ANSWER_TIMEOUT_MS = 15000;
/** Requests for one chunk on one connection. Beyond them the server is waited for: it offers again. */
const REQUESTS_MAX = 4;
/** And it is asked again after this, ms, when the channel stays open all the time. */
const RETRY_AFTER_MS = 600000;
/** Times that one image is fetched whole and found wrong; then not again before the next boot. */
const FETCHES_MAX = 3;
/** Free memory that an image needs, in times its size: itself, and the copy that is written. */
const MEMORY_PER_BYTE = 2;

/**
 * @param channel whose `onMessage` and `onState` belong to updates from now on; the returned channel has the
 *   app's
 */
export function withUpdates(hal: Hal, channel: Channel): Channel {
  return new UpdatableChannel(hal, channel);
}

class UpdatableChannel implements Channel {
  private readonly hal: Hal;
  private readonly channel: Channel;
  private readonly store: ImageStore;
  private messageHandler: MessageHandler | null = null;
  private stateHandler: StateHandler | null = null;
  /** What is being fetched; null: nothing. */
  private fetching: Offer | null = null;
  private requests: number = 0;
  private fetches: number = 0;
  /** SHA-1 of the image that was found wrong too often. */
  private spoilt: string = '';
  private deadline: TimerId = 0;

  constructor(hal: Hal, channel: Channel) {
    this.hal = hal;
    this.channel = channel;
    this.store = new ImageStore(hal);
    channel.onMessage((data, binary) => this.channelOnMessage(data, binary));
    channel.onState((state, cause) => this.channelOnState(state, cause));
  }

  send(data: string, binary?: boolean): boolean {
    return this.channel.send(data, binary);
  }

  onMessage(handler: MessageHandler): void {
    this.messageHandler = handler;
  }

  onState(handler: StateHandler): void {
    this.stateHandler = handler;
  }

  state(): ChannelState {
    return this.channel.state();
  }

  private channelOnState(state: ChannelState, cause: ChannelCause | ''): void {
    this.stopWaiting();
    if (state === 'open') {
      if (isPending(this.hal.storage)) this.confirm();
      this.requests = 0;
      if (this.fetching !== null) this.request(this.fetching);
    }
    if (this.stateHandler !== null) this.stateHandler(state, cause);
  }

  private channelOnMessage(data: string, binary: boolean): void {
    if (binary && isData(data)) {
      if (this.fetching !== null) this.takeChunk(this.fetching, data);
      return;
    }
    const offer = binary ? null : readOffer(data);
    if (offer !== null) this.takeOffer(offer);
    else if (this.messageHandler !== null) this.messageHandler(data, binary);
  }

  private confirm(): void {
    if (!confirmImage(this.hal.storage)) return;
    this.store.clear();
    this.say('confirmed: this image stays');
  }

  private takeOffer(offer: Offer): void {
    const record = readBootRecord(this.hal.storage);
    if (this.isKnown(offer.sha1, record)) return;
    const problem = this.problemOf(offer, record);
    if (problem !== '') this.say(`refused: ${problem}`);
    else if (isOnTrial(offer, record)) this.tryAgain(offer, record);
    else {
      this.fetches = 0;
      this.begin(offer);
    }
  }

  /** It is there, or on its way, or was found wrong. */
  private isKnown(sha1: string, record: BootRecord): boolean {
    const { fetching } = this;
    return (fetching !== null && fetching.sha1 === sha1) || sha1 === record.sha1 || sha1 === this.spoilt || isPending(this.hal.storage);
  }

  private problemOf(offer: Offer, record: BootRecord): string {
    if (offer.bytes === 0) return 'not an offer, or too large';
    if (isOnTrial(offer, record))
      return (record.trial as Trial).tries < BOOT_TRIES_MAX ? '' : `${nameOf(offer)} failed ${BOOT_TRIES_MAX} times`;
    return this.hal.system.freeMemory() < MEMORY_PER_BYTE * offer.bytes ? 'no memory for it now' : '';
  }

  /** It is in its slot already. */
  private tryAgain(offer: Offer, record: BootRecord): void {
    (record.trial as Trial).state = 'new';
    if (writeBootRecord(this.hal.storage, record)) this.restart(offer);
  }

  private begin(offer: Offer): void {
    this.requests = 0;
    this.fetching = offer;
    if (this.store.begin(offer)) {
      this.hal.log.event('update.begun', nameOf(offer), 'air', this.store.arrived);
      this.say(`${nameOf(offer)}: ${this.store.arrived} of ${offer.bytes} bytes are here`);
      this.request(offer);
    } else this.putOff(offer, 'flash');
  }

  /** Asks for what is missing, or installs what is whole. */
  private request(offer: Offer): void {
    const { arrived } = this.store;
    this.requests++;
    if (arrived >= offer.bytes) this.install(offer);
    else if (this.requests > REQUESTS_MAX) this.putOff(offer, 'no answer');
    else {
      this.channel.send(requestOf(offer.sha1, arrived, this.wanted(offer)));
      // Also when there was no room for it: the channel has other things to say.
      this.deadline = this.hal.clock.setTimeout(() => {
        this.deadline = 0;
        this.request(offer);
      }, ANSWER_TIMEOUT_MS);
    }
  }

  private takeChunk(offer: Offer, message: string): void {
    const bytes = dataOf(message, offer.sha1, this.store.arrived, this.wanted(offer));
    if (bytes === null) return;
    this.stopWaiting();
    this.requests = 0;
    this.hal.log.event('update.chunk', '', '', bytes.length);
    if (this.store.add(bytes)) this.request(offer);
    else this.putOff(offer, 'flash');
  }

  private install(offer: Offer): void {
    const problem = this.store.install();
    if (problem === '') this.restart(offer);
    else if (problem === 'flash') this.putOff(offer, problem);
    else {
      this.store.clear();
      this.fetches++;
      if (this.fetches < FETCHES_MAX) this.begin(offer);
      else this.giveUp(offer);
    }
  }

  private restart(offer: Offer): void {
    this.fetching = null;
    this.say(`${nameOf(offer)}: restarts into it`);
    this.hal.system.restart('update');
  }

  private giveUp(offer: Offer): void {
    this.fetching = null;
    this.spoilt = offer.sha1;
    this.say(`given up: its checksum is wrong, ${FETCHES_MAX} times`);
  }

  private wanted({ bytes }: Offer): number {
    return Math.min(CHUNK_BYTES, bytes - this.store.arrived);
  }

  /** What has arrived stays. A server that is met anew offers at once. */
  private putOff(offer: Offer, why: string): void {
    this.stopWaiting();
    this.fetching = null;
    this.say(`put off: ${why}`);
    this.deadline = this.hal.clock.setTimeout(() => {
      this.deadline = 0;
      this.begin(offer);
    }, RETRY_AFTER_MS);
  }

  private stopWaiting(): void {
    if (this.deadline !== 0) this.hal.clock.clearTimeout(this.deadline);
    this.deadline = 0;
  }

  private say(what: string): void {
    this.hal.log.line(`update: ${what}`);
  }
}

/** Beginning of its checksum, for people. */
function nameOf({ sha1 }: Offer): string {
  return sha1.substring(0, 8);
}

function isOnTrial({ sha1 }: Offer, { trial }: BootRecord): boolean {
  return trial !== null && trial.sha1 === sha1;
}
