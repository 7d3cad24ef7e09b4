/** Asks before something is done to others. Escape, the other button and a closed dialog are all a no. */
import { byId, setText } from './dom.js';

export class Confirm {
  constructor() {
    this.dialog = byId('confirm');
    /** @type {() => void} */
    this.act = () => {};
    byId('confirm-yes').addEventListener('click', () => {
      this.dialog.close();
      this.act();
    });
    byId('confirm-no').addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('close', () => setText(byId('confirm-words'), ''));
  }

  /**
   * @param {string} title
   * @param {string} words what it means
   * @param {string} verb on the button that does it
   * @param {() => void} act
   */
  ask(title, words, verb, act) {
    this.act = act;
    setText(byId('confirm-title'), title);
    setText(byId('confirm-words'), words);
    setText(byId('confirm-yes'), verb);
    this.dialog.showModal();
    // A key that was meant for the button before does nothing to anybody.
    byId('confirm-no').focus();
  }
}
