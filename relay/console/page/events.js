/** What happens, newest first, as far as the filter lets it through. Holds still on request, and goes on from there. */
import { byId, make } from './dom.js';
import { clockTime } from './format.js';

/** @typedef {import('../protocol.ts').ConsoleEvent} ConsoleEvent */

/** Kinds by the box that shows or hides them. */
const KINDS = {
  connects: ['opened'],
  ends: ['closed'],
  refused: ['refused', 'dropped'],
  messages: ['messages'],
  world: ['relay', 'step', 'weather'],
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
};
/** Lines that exist at a time. */
const MAX_LINES = 200;

export class Events {
  /** @param {import('./model.js').Model} model */
  constructor(model) {
    this.model = model;
    this.log = byId('log');
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
    byId('filter').addEventListener('input', () => this.redraw());
    byId('hold').addEventListener('click', () => {
      this.isHeld = !this.isHeld;
      byId('hold').setAttribute('aria-pressed', String(this.isHeld));
      byId('hold').textContent = this.isHeld ? 'Go on' : 'Pause';
      if (!this.isHeld) this.redraw();
    });
  }

  /** Everything anew, after the filter has changed. */
  redraw() {
    this.log.replaceChildren();
    this.last = undefined;
    this.draw();
  }

  draw() {
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
      if (isWanted(events[index])) lines.push(lineOf(events[index]));
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

/** @param {ConsoleEvent} event */
function lineOf({ atMs, kind, id, text }) {
  const line = make(
    'li',
    '',
    make('time', '', clockTime(atMs)),
    make('em', '', WORDS[kind] ?? kind),
    make('b', '', id),
    make('span', '', text),
  );
  line.dataset.kind = kind;
  return line;
}
