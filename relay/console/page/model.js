/**
 * What the page knows of the relay, put together from what the relay says (protocol.ts). Draws nothing.
 *
 * Bounded by what the relay remembers; events by the page itself.
 */
import { sortKey } from './format.js';

/** @typedef {import('../protocol.ts').Row} Row */
/** @typedef {import('../protocol.ts').ConsoleEvent} ConsoleEvent */

/**
 * @typedef {object} Client
 * @property {string} id
 * @property {string} key for sorting
 * @property {string} name
 * @property {string} address
 * @property {boolean} isVirtual
 * @property {boolean} isConnected
 * @property {number} sinceMs of its session, or when the last one ended
 * @property {import('../protocol.ts').Figures} figures
 * @property {number[]} rttsMs
 * @property {import('../protocol.ts').Past[]} past
 * @property {number} version counts its changes
 */

const MAX_EVENTS = 2_000;
const MAX_MESSAGES = 500;
/** As a simulation says it (sim/live/console.ts). */
const RUNS_AGAIN = 'runs again';
const MAX_RTTS = 30;
/** @type {import('../protocol.ts').Figures} */
const NO_FIGURES = [0, 0, 0, 0, 0, 0, -1];

export class Model {
  constructor() {
    /** @type {Map<string, Client>} */
    this.clients = new Map();
    /** @type {Map<number, Client>} by the number of its session */
    this.sessions = new Map();
    /** Newest last.
     * @type {ConsoleEvent[]} */
    this.events = [];
    /** @type {import('../protocol.ts').Sample[]} */
    this.samples = [];
    /** @type {import('../weather.ts').BoardWeather[] | null} */
    this.weather = null;
    /** What this page may do.
     * @type {readonly import('../operations.ts').MayName[]} */
    this.operations = [];
    /** As which this page is a client itself, '' while it is none. */
    this.ownId = '';
    this.windowMs = 300_000;
    this.startedMs = 0;
    /** From this computer's clock to the relay's. */
    this.skewMs = 0;
    /** @type {import('../protocol.ts').Hello['relay'] | null} */
    this.relay = null;
    /** Of clients coming, going or changed in what they can be sorted by. */
    this.version = 0;
    this.lastEvent = 0;
    /** What keeps the relay of a simulation from answering, '' when nothing does. */
    this.outage = '';
  }

  /** On the relay's clock. */
  get nowMs() {
    return Date.now() + this.skewMs;
  }

  /** The one count of them: whatever shows how many there are shows this. */
  get connected() {
    return this.sessions.size;
  }

  get gone() {
    return this.clients.size - this.sessions.size;
  }

  /** @param {string} id @returns the number of its open session, 0 for none */
  sessionOf(id) {
    const client = this.clients.get(id);
    return client?.isConnected ? client.figures[0] : 0;
  }

  /** @param {import('../protocol.ts').Hello} hello */
  begin(hello) {
    const isOther = hello.startedMs !== this.startedMs;
    if (isOther) Object.assign(this, { lastEvent: 0, outage: '' });
    if (isOther && this.startedMs > 0) this.addEvent({ number: 0, atMs: hello.startedMs, kind: 'relay', id: '', text: 'started anew' });
    this.clients.clear();
    this.sessions.clear();
    this.startedMs = hello.startedMs;
    this.windowMs = hello.windowMs;
    this.skewMs = hello.nowMs - Date.now();
    this.relay = hello.relay;
    this.samples = hello.samples;
    this.weather = hello.weather;
    this.operations = hello.operations;
    this.addEvents(hello.events);
    this.version++;
  }

  /** @param {Partial<Omit<import('../protocol.ts').Tick, 'type'>>} tick */
  apply({ rows = [], gone = [], figures = [], events = [], samples = [], weather }) {
    for (const row of rows) this.setRow(row);
    for (const id of gone) this.clients.delete(id);
    for (const one of figures) this.setFigures(one);
    if (rows.length + gone.length > 0) this.version++;
    this.addEvents(events);
    for (const sample of samples) if (sample[0] > (this.samples.at(-1)?.[0] ?? 0)) this.samples.push(sample);
    const firstMs = this.nowMs - this.windowMs;
    while (this.samples.length > 0 && this.samples[0][0] < firstMs) this.samples.shift();
    if (weather) this.weather = weather;
  }

  /** @param {Row} row */
  setRow({ id, name, address, isVirtual, session, past }) {
    const before = this.clients.get(id);
    if (before?.isConnected) this.sessions.delete(before.figures[0]);
    const client = before ?? { ...NOBODY, id, key: sortKey(id) };
    Object.assign(client, {
      name,
      address,
      isVirtual,
      past,
      isConnected: session !== null,
      sinceMs: session?.sinceMs ?? past.at(-1)?.[1] ?? 0,
      figures: session?.figures ?? NO_FIGURES,
      rttsMs: session?.rttsMs ?? [],
      version: client.version + 1,
    });
    this.clients.set(id, client);
    if (session) this.sessions.set(session.figures[0], client);
  }

  /** @param {import('../protocol.ts').Figures} figures */
  setFigures(figures) {
    const client = this.sessions.get(figures[0]);
    if (!client) return;
    if (figures[5] > client.figures[5]) {
      client.rttsMs.push(figures[6]);
      if (client.rttsMs.length > MAX_RTTS) client.rttsMs.shift();
    }
    client.figures = figures;
    client.version++;
  }

  /** @param {ConsoleEvent[]} events those that are known already are left out */
  addEvents(events) {
    for (const event of events) {
      if (event.number !== 0 && event.number <= this.lastEvent) continue;
      if (event.number !== 0) this.lastEvent = event.number;
      if (event.kind === 'relay') this.outage = event.text === RUNS_AGAIN ? '' : event.text;
      this.addEvent(event);
    }
  }

  /** @param {ConsoleEvent} event */
  addEvent(event) {
    this.events.push(event);
    if (this.events.length < 2 * MAX_EVENTS) return;
    // What was sent goes first: there is so much more of it.
    const rest = this.events.filter(({ kind }, index) => kind !== 'messages' || index >= this.events.length - MAX_MESSAGES);
    this.events = rest.slice(-MAX_EVENTS);
  }
}

/** @type {Client} */
const NOBODY = {
  id: '',
  key: '',
  name: '',
  address: '',
  isVirtual: false,
  isConnected: false,
  sinceMs: 0,
  figures: NO_FIGURES,
  rttsMs: [],
  past: [],
  version: 0,
};
