/** One row of the list of clients, which shows now this client and now that. Writes and draws only what has changed. */
import { make, setData, setText, sizeOf } from './dom.js';
import { drawSparkline, drawTimeline } from './draw.js';
import { causeOf, duration, percent, roundTrip, short, size } from './format.js';

/** @typedef {import('./model.js').Client} Client */
/** @typedef {{ row: number, time: import('./dom.js').Size, spark: import('./dom.js').Size }} Sizes of a row and its pictures */

export class ClientRow {
  /** @param {string} elementId */
  constructor(elementId) {
    this.dot = make('i', 'dot');
    this.id = make('b');
    this.about = make('small');
    this.since = make('span');
    this.spark = /** @type {HTMLCanvasElement} */ (make('canvas'));
    this.ping = make('span');
    this.messages = make('span');
    this.waiting = make('small', 'waiting');
    this.cause = make('span', 'cause');
    this.ago = make('small');
    this.time = /** @type {HTMLCanvasElement} */ (make('canvas'));
    this.element = make(
      'div',
      'row',
      cell('id', this.dot, this.id, this.about),
      cell('since', this.since),
      cell('ping', this.spark, this.ping),
      cell('messages', this.messages, this.waiting),
      cell('ended', this.cause, this.ago),
      cell('time', this.time),
    );
    this.element.id = elementId;
    this.element.setAttribute('role', 'row');
    for (const canvas of [this.spark, this.time]) canvas.setAttribute('aria-hidden', 'true');
    /** @type {Client | null} */
    this.client = null;
    this.drawn = '';
  }

  /** @returns {Sizes} */
  measure() {
    this.element.style.display = '';
    return { row: this.element.offsetHeight, time: sizeOf(this.time), spark: sizeOf(this.spark) };
  }

  /**
   * @param {number} index
   * @param {number} height
   * @param {boolean} isActive
   */
  place(index, height, isActive) {
    this.element.style.transform = `translateY(${index * height}px)`;
    this.element.setAttribute('aria-rowindex', String(index + 1));
    this.element.setAttribute('aria-selected', String(isActive));
    setData(this.element, 'active', String(isActive));
  }

  /**
   * @param {Client} client
   * @param {import('./model.js').Model} model
   * @param {Sizes} sizes
   */
  draw(client, model, sizes) {
    const { nowMs, windowMs } = model;
    // Times are in seconds, and a timeline moves by less than a pixel a second.
    const drawn = `${client.version} ${Math.floor(nowMs / 1_000)} ${client.id === model.ownId}`;
    if (this.client === client && this.drawn === drawn) return;
    this.client = client;
    this.drawn = drawn;
    setData(this.element, 'client', client.id);
    setText(this.id, client.id);
    setText(this.about, aboutOf(client, model));
    setData(this.element, 'own', String(client.id === model.ownId));
    this.fillSession(client, nowMs);
    this.fillEnd(client, nowMs);
    drawSparkline(this.spark, sizes.spark, client.rttsMs);
    drawTimeline(this.time, sizes.time, client, { nowMs, windowMs });
  }

  /**
   * @param {Client} client
   * @param {number} nowMs
   */
  fillSession({ isConnected, sinceMs, figures }, nowMs) {
    const [, messagesIn, messagesOut, dropped, buffered, , rttMs] = figures;
    setData(this.dot, 'state', isConnected ? 'on' : 'off');
    setText(this.since, isConnected ? duration(nowMs - sinceMs) : 'gone');
    setText(this.ping, isConnected ? roundTrip(rttMs) : '');
    setText(this.messages, isConnected ? `${short(messagesIn)} in · ${short(messagesOut)} out` : '');
    setText(this.waiting, isConnected ? waitingWords(buffered, dropped) : '');
    setData(this.waiting, 'state', dropped > 0 ? 'lossy' : '');
  }

  /**
   * @param {Client} client
   * @param {number} nowMs
   */
  fillEnd({ past }, nowMs) {
    const end = past.at(-1);
    const cause = end && causeOf(end[2]);
    setText(this.cause, cause?.words ?? '–');
    setText(this.ago, end ? `${duration(nowMs - end[1])} ago` : '');
    setData(this.cause, 'colour', cause?.colour ?? '');
  }
}

/**
 * @param {string} className
 * @param {Node[]} children
 */
function cell(className, ...children) {
  const element = make('span', className, ...children);
  element.setAttribute('role', 'gridcell');
  return element;
}

/**
 * @param {number} buffered
 * @param {number} dropped
 */
function waitingWords(buffered, dropped) {
  const waiting = buffered === 0 ? 'none waiting' : `${size(buffered)} waiting`;
  return dropped === 0 ? waiting : `${waiting}, ${short(dropped)} lost`;
}

/**
 * The second line: what it is, where it comes from, and what weather it has.
 * @param {Client} client
 * @param {import('./model.js').Model} model
 */
function aboutOf({ id, name, address, isVirtual }, { weather, ownId }) {
  const words = [];
  if (id === ownId) words.push('this page');
  if (weather) words.push(isVirtual ? 'virtual' : 'real');
  if (address) words.push(address);
  if (name) words.push(name === id ? 'certificate' : `certificate of ${name}`);
  const own = isVirtual ? weather?.find((board) => board.id === id) : undefined;
  if (own?.blackhole) words.push('black hole');
  else if (own && own.lossRate > 0) words.push(`${percent(own.lossRate)} loss`);
  return words.join(' · ');
}
