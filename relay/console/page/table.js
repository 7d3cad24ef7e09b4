/**
 * Who is connected and who was: a list of which only the rows in view exist, so that a thousand clients cost what thirty do.
 *
 * From the keyboard: arrows, Page Up and Down, Home and End move, Enter opens the history; from the search field, that of the first that was found.
 */
import { ClientRow } from './client-row.js';
import { byId, make, setData, setText } from './dom.js';

/** @typedef {import('./model.js').Client} Client */

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
    /** @type {ClientRow[]} */
    this.pool = [];
    /** @type {Client[]} */
    this.shown = [];
    this.activeId = '';
    this.order = 'id';
    this.sortedAtMs = 0;
    this.sortMs = 0;
    this.sortedVersion = ANEW;
    this.sizes = this.measured();
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
    byId('find').addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
      event.preventDefault();
      this.activate(0);
      if (event.key === 'ArrowDown') this.grid.focus();
      else if (this.activeId !== '') this.onOpen(this.activeId);
    });
    this.grid.addEventListener('focus', () => {
      if (!this.shown.some(({ id }) => id === this.activeId)) this.activate(0);
    });
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
      this.sizes = this.measured();
      this.draw();
    }).observe(this.grid);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.sizes = this.measured();
    });
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
    this.activate(to);
  }

  /** @param {number} to of the rows that are shown; beyond them, the nearest */
  activate(to) {
    const { shown } = this;
    const height = this.sizes.row;
    const index = Math.min(Math.max(to, 0), shown.length - 1);
    this.activeId = shown[index]?.id ?? '';
    const top = Math.max(0, index) * height;
    const bottom = top + height - this.grid.clientHeight;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (bottom > this.grid.scrollTop) this.grid.scrollTop = bottom;
    this.draw();
  }

  /** All rows are alike, so one of them tells how large they are, until the window changes. */
  measured() {
    if (this.pool.length === 0) this.grow();
    for (const row of this.pool) row.drawn = '';
    return this.pool[0].measure();
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
    this.count();
    const nobody = byId('nobody');
    nobody.hidden = shown.length > 0;
    setText(nobody, model.clients.size === 0 ? 'Nobody has connected yet. Connect a board, or this page: Try it.' : 'No client like that.');
    grid.setAttribute('aria-rowcount', String(shown.length));
    this.place.style.height = `${shown.length * height}px`;
    const first = Math.max(0, Math.floor(scrollTop / height) - SPARE_ROWS);
    const last = Math.min(shown.length, Math.ceil((scrollTop + clientHeight) / height) + SPARE_ROWS);
    const count = Math.max(0, last - first);
    while (this.pool.length < count) this.grow();
    grid.removeAttribute('aria-activedescendant');
    const used = new Set();
    for (let index = first; index < last; index++) {
      const slot = index % this.pool.length;
      used.add(slot);
      const row = this.pool[slot];
      const isActive = shown[index].id === this.activeId;
      row.place(index, this.sizes.row, isActive);
      row.draw(shown[index], model, this.sizes);
      if (isActive) grid.setAttribute('aria-activedescendant', row.element.id);
    }
    for (const [slot, { element }] of this.pool.entries()) element.style.display = used.has(slot) ? '' : 'none';
    for (const head of byId('heads').children) setData(head, 'sorted', String(head.dataset.order === this.order));
  }

  /** In the title, on the choices, and how many of them are shown. */
  count() {
    const { model, shown } = this;
    const { connected, gone } = model;
    const all = connected + gone;
    const hidden = shown.length === all ? '' : `, ${shown.length} shown`;
    setText(byId('clients-count'), all === 0 ? '' : `${connected} connected, ${gone} gone${hidden}`);
    for (const [which, count] of Object.entries({ connected, gone, all })) setText(byId(`count-${which}`), String(count));
  }

  grow() {
    const row = new ClientRow(`row-${this.pool.length}`);
    this.place.append(row.element);
    this.pool.push(row);
  }
}
