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

/** @typedef {{ kind: Kind, text: string, atMs: number }} Line that is not drawn yet */

export class Talk {
  constructor() {
    this.list = byId('talk');
    /** For the next frame: what comes and goes before it is never drawn.
     * @type {Line[]} */
    this.waiting = [];
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
    this.waiting.push({ kind, text: cut(text), atMs: Date.now() });
    this.waiting = kept(this.waiting, (line) => line.kind);
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.isDue = false;
    const { list } = this;
    const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - AT_END;
    list.append(...this.waiting.map(lineOf));
    this.waiting = [];
    const lines = /** @type {HTMLElement[]} */ ([...list.children]);
    const stay = new Set(kept(lines, (line) => line.dataset.kind ?? ''));
    for (const line of lines) if (!stay.has(line)) line.remove();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }
}

/**
 * Without the oldest of what there are too many of.
 * @template T
 * @param {T[]} lines oldest first
 * @param {(line: T) => string} kindOf
 */
function kept(lines, kindOf) {
  if (lines.length <= Math.min(MAX_OWN_LINES, MAX_OTHER_LINES)) return lines;
  let own = MAX_OWN_LINES;
  let others = MAX_OTHER_LINES;
  return lines
    .toReversed()
    .filter((line) => (kindOf(line) === 'received' ? others-- : own--) > 0)
    .toReversed();
}

/** @param {string} text */
function cut(text) {
  const rest = text.length - MAX_SHOWN;
  return rest > 0 ? `${text.slice(0, MAX_SHOWN)} … and ${size(rest)} more` : text;
}

/** @param {Line} line */
function lineOf({ kind, text, atMs }) {
  // What others send may be written from right to left, or say that it is: it stays in its own line.
  const line = make('li', '', make('time', '', clockTime(atMs)), make('span', '', make('bdi', '', text)));
  line.dataset.kind = kind;
  return line;
}
