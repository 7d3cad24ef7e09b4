/**
 * What happens, newest first, as far as the filter lets it through. Holds still on request, and goes on from there.
 *
 * From the keyboard: arrows, Home and End move, Enter opens the history of the client that a line is about.
 */
import { byId, make, setData } from './dom.js';
import { clockTime } from './format.js';

/** @typedef {import('../protocol.ts').ConsoleEvent} ConsoleEvent */

/** Kinds by the box that shows or hides them. */
const KINDS = {
  connects: ['opened'],
  ends: ['closed'],
  refused: ['refused', 'dropped'],
  messages: ['messages'],
  world: ['relay', 'step', 'weather', 'operator'],
};
const WORDS = {
  opened: 'connected',
  closed: 'ended',
  refused: 'refused',
  dropped: 'slow',
  messages: 'message',
  relay: 'relay',
  step: 'scenario',
  weather: 'weather',
  operator: 'console',
};
/** Lines that exist at a time. */
const MAX_LINES = 200;

export class Events {
  /**
   * @param {import('./model.js').Model} model
   * @param {(id: string) => void} onOpen
   */
  constructor(model, onOpen) {
    this.model = model;
    this.onOpen = onOpen;
    this.log = byId('log');
    this.log.tabIndex = 0;
    /** The line that the keyboard is at; null: none, or it is not kept any more.
     * @type {HTMLElement | null} */
    this.active = null;
    /** As which this page was a client when the lines were drawn. */
    this.ownId = '';
    /** @type {ConsoleEvent | undefined} the newest that was looked at */
    this.last = undefined;
    this.isHeld = false;
    for (const name of Object.keys(KINDS)) {
      const box = /** @type {HTMLInputElement} */ (make('input'));
      box.type = 'checkbox';
      box.name = 'kind';
      box.value = name;
      // A busy fleet's messages would hide everything else.
      box.checked = name !== 'messages';
      box.addEventListener('change', () => this.redraw());
      byId('kinds').append(make('label', '', box, make('span', '', name)));
    }
    this.log.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    this.log.addEventListener('click', (/** @type {Event} */ event) => {
      const line = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('[role=option]'));
      if (line) this.open(line);
    });
    byId('filter').addEventListener('input', () => this.redraw());
    byId('hold').addEventListener('click', () => {
      this.isHeld = !this.isHeld;
      byId('hold').setAttribute('aria-pressed', String(this.isHeld));
      byId('hold').textContent = this.isHeld ? 'Go on' : 'Pause';
      if (!this.isHeld) this.redraw();
    });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const lines = /** @type {HTMLElement[]} */ ([...this.log.children]);
    if (event.key === 'Enter' && this.active?.isConnected) {
      // Otherwise the same key would press the button that the history opens with.
      event.preventDefault();
      this.open(this.active);
    }
    const at = this.active ? lines.indexOf(this.active) : -1;
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 };
    const to = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (to === undefined || lines.length === 0) return;
    event.preventDefault();
    this.activate(lines[Math.min(Math.max(to, 0), lines.length - 1)]);
  }

  /** @param {HTMLElement} line */
  activate(line) {
    if (this.active) mark(this.active, false);
    this.active = line;
    mark(line, true);
    line.id = 'active-event';
    this.log.setAttribute('aria-activedescendant', line.id);
    line.scrollIntoView({ block: 'nearest' });
  }

  /** @param {HTMLElement} line */
  open(line) {
    this.activate(line);
    if (line.dataset.client) this.onOpen(line.dataset.client);
  }

  /** Everything anew, after the filter has changed. */
  redraw() {
    this.log.replaceChildren();
    this.last = undefined;
    this.draw();
  }

  draw() {
    if (this.ownId !== this.model.ownId) {
      this.ownId = this.model.ownId;
      for (const line of this.log.children) setData(line, 'own', isOwn(line.dataset.client ?? '', this.ownId));
    }
    if (this.isHeld) return;
    const { events } = this.model;
    const from = this.last ? events.lastIndexOf(this.last) + 1 : 0;
    if (from === events.length) return;
    if (from === 0 && this.last) {
      // So much has happened that the last one is not kept any more.
      this.redraw();
      return;
    }
    this.last = events.at(-1);
    const isWanted = this.filter();
    const lines = [];
    for (let index = events.length - 1; index >= from && lines.length < MAX_LINES; index--) {
      if (isWanted(events[index])) lines.push(lineOf(events[index], this.ownId));
    }
    this.log.prepend(...lines);
    while (this.log.childElementCount > MAX_LINES) this.log.lastElementChild.remove();
  }

  /** @returns {(event: ConsoleEvent) => boolean} */
  filter() {
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[name=kind]:checked'));
    const kinds = new Set([...boxes].flatMap(({ value }) => KINDS[/** @type {keyof typeof KINDS} */ (value)]));
    const words = byId('filter').value.trim().toLowerCase();
    return ({ kind, id, text }) => kinds.has(kind) && (words === '' || `${WORDS[kind]} ${id} ${text}`.toLowerCase().includes(words));
  }
}

/**
 * @param {HTMLElement} line
 * @param {boolean} isActive
 */
function mark(line, isActive) {
  if (!isActive) line.removeAttribute('id');
  line.setAttribute('aria-selected', String(isActive));
}

/**
 * @param {string} id
 * @param {string} ownId
 */
function isOwn(id, ownId) {
  return String(id !== '' && id === ownId);
}

/**
 * @param {ConsoleEvent} event
 * @param {string} ownId
 */
function lineOf({ atMs, kind, id, text }, ownId) {
  const line = make(
    'div',
    '',
    make('time', '', clockTime(atMs)),
    make('em', '', WORDS[kind] ?? kind),
    make('b', '', id),
    make('span', '', text),
  );
  Object.assign(line.dataset, { kind, client: id, own: isOwn(id, ownId) });
  line.setAttribute('role', 'option');
  return line;
}
