/** What a page that was let in by a token can do to others: each asks first, says what came of it, and is not there, or not to be pressed, without the token. */
import { byId, make, setText } from './dom.js';

/** @typedef {import('../operations.ts').OperationName} OperationName */

/** @type {Record<OperationName, { button: string, title: (id: string) => string, words: string, verb: string }>} */
const WORDS = {
  kick: {
    button: 'Kick…',
    title: (id) => `Kick ${id}?`,
    words: 'Its session ends with close code 4002. It may connect again at once.',
    verb: 'Kick',
  },
  reset: {
    button: 'Reset its link…',
    title: (id) => `Reset the link of ${id}?`,
    words: 'Both ends of each of its connections get a TCP reset, as far as the link lets it through.',
    verb: 'Reset',
  },
  restart: {
    button: 'Restart relay…',
    title: () => 'Restart the relay?',
    words: 'All clients lose their connections, and the relay serves again two seconds later.',
    verb: 'Restart',
  },
};
const NEEDS_TOKEN = 'Kick, reset, restart and TCP connections need --console-token.';

export class Operations {
  /**
   * @param {import('./model.js').Model} model
   * @param {import('./confirm.js').Confirm} confirm
   * @param {(request: import('../protocol.ts').FromPage) => void} ask
   */
  constructor(model, confirm, ask) {
    this.model = model;
    this.confirm = confirm;
    this.ask = ask;
    byId('restart').addEventListener('click', () => this.offer('restart', ''));
  }

  draw() {
    const mayRestart = this.model.operations.includes('restart');
    byId('restart').disabled = !mayRestart;
    byId('restart-hint').hidden = mayRestart;
    setText(byId('restart-hint'), NEEDS_TOKEN);
  }

  /** For a client that is connected. @param {import('./model.js').Client} client */
  buttonsFor({ id, isVirtual }) {
    const names = /** @type {OperationName[]} */ (isVirtual ? ['kick', 'reset'] : ['kick']);
    const may = names.filter((name) => this.model.operations.includes(name));
    if (may.length === 0) return [make('span', 'hint', NEEDS_TOKEN)];
    return may.map((name) => {
      const button = /** @type {HTMLButtonElement} */ (make('button', 'danger', WORDS[name].button));
      button.type = 'button';
      button.addEventListener('click', () => this.offer(name, id));
      return button;
    });
  }

  /**
   * @param {OperationName} name
   * @param {string} id
   */
  offer(name, id) {
    const { title, words, verb } = WORDS[name];
    this.confirm.ask(title(id), words, verb, () => this.ask({ type: name, id }));
  }
}
