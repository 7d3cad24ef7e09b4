/**
 * What this page has sent as a client, and what has come. Its own messages and the answers to them stand out, and can be shown alone.
 *
 * Others may send as much as they like: lines are put in once a frame, each is cut, and those of others never push out one's own.
 */
import { byId, make } from './dom.js';
import { clockTime, size } from './format.js';

/** @typedef {'sent' | 'answer' | 'received' | 'state'} Kind */

/** Lines that are kept: one's own and what is said about the connection, and others'. */
const MAX_OWN_LINES = 100;
const MAX_OTHER_LINES = 200;
/** Of one message that is shown, characters: some ten lines. */
const MAX_SHOWN = 500;
/** Nearer to the end than this, px, the list follows. */
const AT_END = 4;

export class Talk {
  constructor() {
    this.list = byId('talk');
    /** Lines that wait for the next frame.
     * @type {HTMLElement[]} */
    this.waiting = [];
    /** Of others' messages, lines that came and went between two frames are never made. */
    this.isDue = false;
    for (const input of document.querySelectorAll('input[name=whose]')) input.addEventListener('change', () => this.choose());
    this.choose();
  }

  /** The style sheet hides the others. */
  choose() {
    const chosen = /** @type {HTMLInputElement} */ (document.querySelector('input[name=whose]:checked'));
    this.list.dataset.whose = chosen.value;
    this.list.scrollTop = this.list.scrollHeight;
  }

  /**
   * @param {Kind} kind
   * @param {string} text
   */
  note(kind, text) {
    this.waiting.push(lineOf(kind, text));
    trim(this.waiting);
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.isDue = false;
    const { list } = this;
    const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - AT_END;
    list.append(...this.waiting);
    this.waiting = [];
    const lines = /** @type {HTMLElement[]} */ ([...list.children]);
    const kept = new Set(trim(lines));
    for (const line of /** @type {HTMLElement[]} */ ([...list.children])) if (!kept.has(line)) line.remove();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }
}

/**
 * Takes out the oldest of what there are too many of.
 * @param {HTMLElement[]} lines oldest first
 */
function trim(lines) {
  let [own, others] = [0, 0];
  for (let index = lines.length - 1; index >= 0; index--) {
    const isOther = lines[index].dataset.kind === 'received';
    if (isOther ? ++others > MAX_OTHER_LINES : ++own > MAX_OWN_LINES) lines.splice(index, 1);
  }
  return lines;
}

/**
 * @param {Kind} kind
 * @param {string} text
 */
function lineOf(kind, text) {
  const rest = text.length - MAX_SHOWN;
  const shown = rest > 0 ? `${text.slice(0, MAX_SHOWN)} … and ${size(rest)} more` : text;
  // What others send may be written from right to left, or say that it is: it stays in its own line.
  const line = make('li', '', make('time', '', clockTime(Date.now())), make('span', '', make('bdi', '', shown)));
  line.dataset.kind = kind;
  return line;
}
