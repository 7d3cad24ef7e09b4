/**
 * Who is connected and who was: a list of which only the rows in view exist, so that a thousand clients cost what thirty do.
 *
 * From the keyboard: arrows, Page Up and Down, Home and End move, Enter opens the history.
 */
import { byId, make, setData, setText, sizeOf } from './dom.js';
import { drawSparkline, drawTimeline } from './draw.js';
import { causeOf, duration, roundTrip, short, size } from './format.js';

/** @typedef {import('./model.js').Client} Client */
/** @typedef {{ client: Client | null, drawn: string, element: HTMLElement, cells: Record<string, any> }} RowElement */

/** @type {Record<string, { title: string, of: (client: Client) => string | number, descending: boolean }>} */
const ORDERS = {
  id: { title: 'Id', of: ({ key }) => key, descending: false },
  since: { title: 'Connected', of: ({ isConnected, sinceMs }) => (isConnected ? sinceMs : sinceMs - 1e14), descending: true },
  ping: { title: 'Ping', of: ({ figures }) => figures[6], descending: true },
  messages: { title: 'Messages', of: ({ figures }) => figures[1] + figures[2], descending: true },
  waiting: { title: 'Waiting', of: ({ figures }) => figures[4] + figures[3] * 1e9, descending: true },
  ended: { title: 'Last end', of: ({ past }) => past.at(-1)?.[1] ?? 0, descending: true },
};
const HEADS = { id: 'Client', since: 'Connected', ping: 'Ping', messages: 'Messages', ended: 'Last end' };
/** Rows above and below the view that exist too, so that scrolling shows no gaps. */
const SPARE_ROWS = 3;
/** How often the list follows figures that change all the time, ms: faster could not be read. */
const FOLLOW_MS = 1_000;
/** Putting ten thousand clients in order takes a while: no more than this share of the time goes into it. */
const SORT_SHARE = 0.05;
/** In place of a version: the user wants another order, and now. */
const ANEW = -1;
const NO_SIZE = { width: 0, height: 0 };

export class Table {
  /**
   * @param {import('./model.js').Model} model
   * @param {(id: string) => void} onOpen
   */
  constructor(model, onOpen) {
    this.model = model;
    this.onOpen = onOpen;
    this.grid = byId('grid');
    this.place = byId('rows');
    // A list of which most does not exist cannot be a table of HTML's own.
    this.grid.tabIndex = 0;
    this.grid.setAttribute('role', 'grid');
    this.grid.setAttribute('aria-label', 'Clients. Arrow keys move, Enter shows the history of an id.');
    this.place.setAttribute('role', 'rowgroup');
    /** @type {RowElement[]} */
    this.pool = [];
    /** @type {Client[]} */
    this.shown = [];
    this.activeId = '';
    this.order = 'id';
    this.sortedAtMs = 0;
    this.sortMs = 0;
    this.sortedVersion = ANEW;
    /** Everything that a row's looks depend on beside the client: known until the window changes. */
    this.sizes = { row: 44, time: NO_SIZE, spark: NO_SIZE };
    this.prepareHeads();
    this.listen();
  }

  prepareHeads() {
    const sort = byId('sort');
    for (const [name, { title }] of Object.entries(ORDERS)) {
      const option = /** @type {HTMLOptionElement} */ (make('option', '', `By ${title.toLowerCase()}`));
      option.value = name;
      sort.append(option);
    }
    const heads = byId('heads');
    for (const [name, title] of Object.entries(HEADS)) {
      const head = make('span', name, title);
      head.dataset.order = name;
      heads.append(head);
    }
    const minutes = Math.round(this.model.windowMs / 60_000);
    heads.append(make('span', 'time', `Last ${minutes} minutes`));
  }

  listen() {
    const again = () => {
      this.sortedVersion = ANEW;
      this.draw();
    };
    byId('sort').addEventListener('change', () => {
      this.order = byId('sort').value;
      again();
    });
    byId('heads').addEventListener('click', (/** @type {Event} */ event) => {
      const { order } = /** @type {HTMLElement} */ (event.target).dataset;
      if (!order) return;
      this.order = order;
      byId('sort').value = order;
      again();
    });
    byId('find').addEventListener('input', again);
    for (const input of document.querySelectorAll('input[name=which]')) input.addEventListener('change', again);
    this.grid.addEventListener('scroll', () => this.draw(), { passive: true });
    this.grid.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    this.grid.addEventListener('click', (/** @type {Event} */ event) => {
      const id = /** @type {HTMLElement} */ (event.target).closest('[role=row]')?.getAttribute('data-client');
      if (!id) return;
      this.activeId = id;
      this.draw();
      this.onOpen(id);
    });
    new ResizeObserver(() => {
      this.measure();
      this.draw();
    }).observe(this.grid);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.measure());
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { shown } = this;
    const at = shown.findIndex(({ id }) => id === this.activeId);
    const height = this.sizes.row;
    const page = Math.max(1, Math.floor(this.grid.clientHeight / height) - 1);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 };
    if (event.key === 'Enter' && at >= 0) {
      // Otherwise the same key would press the button that the history opens with.
      event.preventDefault();
      this.onOpen(this.activeId);
    }
    const to = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (to === undefined || shown.length === 0) return;
    event.preventDefault();
    const index = Math.min(Math.max(to, 0), shown.length - 1);
    this.activeId = shown[index].id;
    const top = index * height;
    const bottom = top + height - this.grid.clientHeight;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (bottom > this.grid.scrollTop) this.grid.scrollTop = bottom;
    this.draw();
  }

  /** All rows are alike, so one of them tells how large they are. */
  measure() {
    if (this.pool.length === 0) this.pool.push(this.makeRow(0));
    const { element, cells } = this.pool[0];
    element.style.display = '';
    this.sizes = { row: element.offsetHeight, time: sizeOf(cells.time), spark: sizeOf(cells.spark) };
    for (const row of this.pool) row.drawn = '';
  }

  /** Chooses and sorts, when there is a reason to. */
  choose() {
    const { model, order } = this;
    const byFigures = order !== 'id' && order !== 'since' && order !== 'ended';
    const startMs = performance.now();
    const restMs = startMs - this.sortedAtMs;
    if (this.sortedVersion === model.version && !(byFigures && restMs > FOLLOW_MS)) return;
    if (this.sortedVersion !== ANEW && restMs < this.sortMs / SORT_SHARE) return;
    this.sortedVersion = model.version;
    const which = /** @type {HTMLInputElement} */ (document.querySelector('input[name=which]:checked')).value;
    const words = byId('find').value.trim().toLowerCase();
    const isWanted = (/** @type {Client} */ { isConnected, id, name, address }) =>
      (which === 'all' || isConnected === (which === 'connected')) &&
      (words === '' || `${id} ${name} ${address}`.toLowerCase().includes(words));
    const { of, descending } = ORDERS[order];
    const sign = descending ? -1 : 1;
    this.shown = [...model.clients.values()].filter(isWanted).sort((a, b) => {
      const [left, right] = [of(a), of(b)];
      if (left === right) return a.key < b.key ? -1 : 1;
      return left < right ? -sign : sign;
    });
    this.sortedAtMs = performance.now();
    this.sortMs = this.sortedAtMs - startMs;
  }

  draw() {
    this.choose();
    const { shown, grid, model } = this;
    const height = this.sizes.row;
    const { scrollTop, clientHeight } = grid;
    setText(
      byId('clients-count'),
      model.clients.size === 0 ? '' : `${model.connected} connected, ${model.clients.size - model.connected} gone`,
    );
    const nobody = byId('nobody');
    nobody.hidden = shown.length > 0;
    setText(nobody, model.clients.size === 0 ? 'Nobody has connected yet. Connect a board, or this page: Try it.' : 'No client like that.');
    grid.setAttribute('aria-rowcount', String(shown.length));
    this.place.style.height = `${shown.length * height}px`;
    const first = Math.max(0, Math.floor(scrollTop / height) - SPARE_ROWS);
    const last = Math.min(shown.length, Math.ceil((scrollTop + clientHeight) / height) + SPARE_ROWS);
    const count = Math.max(0, last - first);
    while (this.pool.length < count) this.pool.push(this.makeRow(this.pool.length));
    const used = new Set();
    for (let index = first; index < last; index++) {
      const slot = index % this.pool.length;
      used.add(slot);
      this.drawRow(this.pool[slot], shown[index], index);
    }
    this.pool.forEach((row, slot) => {
      row.element.style.display = used.has(slot) ? '' : 'none';
    });
    for (const head of byId('heads').children) setData(head, 'sorted', String(head.dataset.order === this.order));
  }

  /** @param {number} slot */
  makeRow(slot) {
    const cells = {
      dot: make('i', 'dot'),
      id: make('b'),
      about: make('small'),
      since: make('span', 'since'),
      spark: make('canvas'),
      ping: make('span'),
      messages: make('span'),
      waiting: make('small', 'waiting'),
      cause: make('span', 'cause'),
      ago: make('small'),
      time: make('canvas', 'time'),
    };
    const cell = (/** @type {string} */ className, /** @type {Node[]} */ ...children) => {
      const element = make('span', className, ...children);
      element.setAttribute('role', 'gridcell');
      return element;
    };
    cells.since.setAttribute('role', 'gridcell');
    for (const canvas of [cells.spark, cells.time]) canvas.setAttribute('aria-hidden', 'true');
    const element = make(
      'div',
      'row',
      cell('id', cells.dot, cells.id, cells.about),
      cells.since,
      cell('ping', cells.spark, cells.ping),
      cell('messages', cells.messages, cells.waiting),
      cell('ended', cells.cause, cells.ago),
      cells.time,
    );
    element.id = `row-${slot}`;
    element.setAttribute('role', 'row');
    this.place.append(element);
    return { client: null, drawn: '', element, cells };
  }

  /**
   * @param {RowElement} row
   * @param {Client} client
   * @param {number} index
   */
  drawRow(row, client, index) {
    const { element, cells } = row;
    const { nowMs, windowMs } = this.model;
    const { sizes } = this;
    const isActive = client.id === this.activeId;
    element.style.transform = `translateY(${index * sizes.row}px)`;
    setData(element, 'active', String(isActive));
    element.setAttribute('aria-selected', String(isActive));
    element.setAttribute('aria-rowindex', String(index + 1));
    if (isActive) this.grid.setAttribute('aria-activedescendant', element.id);
    // A timeline moves one pixel a second or less, and figures seldom change.
    const drawn = `${client.version} ${Math.floor(nowMs / 1_000)}`;
    if (row.client === client && row.drawn === drawn) return;
    row.client = client;
    row.drawn = drawn;
    setData(element, 'client', client.id);
    this.fill(cells, client, nowMs);
    drawSparkline(cells.spark, sizes.spark, client.rttsMs);
    drawTimeline(cells.time, sizes.time, client, { nowMs, windowMs });
  }

  /**
   * @param {Record<string, any>} cells
   * @param {Client} client
   * @param {number} nowMs
   */
  fill(cells, client, nowMs) {
    const { isConnected, figures, past } = client;
    const [, messagesIn, messagesOut, dropped, buffered, , rttMs] = figures;
    const end = past.at(-1);
    const cause = end && causeOf(end[2]);
    setData(cells.dot, 'state', isConnected ? 'on' : 'off');
    setText(cells.id, client.id);
    setText(cells.about, aboutOf(client, this.model.weather));
    setText(cells.since, isConnected ? duration(nowMs - client.sinceMs) : 'gone');
    setText(cells.ping, isConnected ? roundTrip(rttMs) : '');
    setText(cells.messages, isConnected ? `${short(messagesIn)} in · ${short(messagesOut)} out` : '');
    setText(cells.waiting, isConnected ? waitingWords(buffered, dropped) : '');
    setData(cells.waiting, 'state', dropped > 0 ? 'lossy' : '');
    setText(cells.cause, cause?.words ?? '–');
    setText(cells.ago, end ? `${duration(nowMs - end[1])} ago` : '');
    setData(cells.cause, 'colour', cause?.colour ?? '');
  }
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
 * @param {import('../weather.ts').BoardWeather[] | null} weather
 */
function aboutOf({ id, name, address, isVirtual }, weather) {
  const words = [];
  if (weather) words.push(isVirtual ? 'virtual' : 'real');
  if (address) words.push(address);
  if (name) words.push(name === id ? 'certificate' : `certificate of ${name}`);
  const own = isVirtual ? weather?.find((board) => board.id === id) : undefined;
  if (own?.blackhole) words.push('blackhole');
  else if (own && own.lossRate > 0) words.push(`${Math.round(own.lossRate * 100)} % loss`);
  return words.join(' · ');
}
