/** This page as one more client of the relay: connect with an id, send text, see what comes. */
import { byId, make, setText } from './dom.js';
import { clockTime } from './format.js';

/** What was said, as far as it is kept. */
const MAX_LINES = 300;
/** Of one message that is shown, characters. */
const MAX_SHOWN = 4_000;
const NORMAL_CLOSURE = 1000;

export class TryClient {
  constructor() {
    /** @type {WebSocket | null} */
    this.socket = null;
    this.talk = byId('talk');
    byId('join').addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.socket) this.socket.close(NORMAL_CLOSURE);
      else this.connect(byId('join-id').value.trim());
    });
    byId('say').addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = byId('say-text').value;
      if (text === '' || this.socket?.readyState !== WebSocket.OPEN) return;
      this.socket.send(text);
      this.note('sent', text);
      byId('say-text').value = '';
    });
  }

  /** @param {string} id '' lets the relay choose one */
  connect(id) {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/${encodeURIComponent(id)}`);
    this.socket = socket;
    let wasOpen = false;
    this.show('connecting');
    socket.onopen = () => {
      wasOpen = true;
      this.show('open');
      this.note('state', `connected${id && ` as ${id}`}`);
      byId('say-text').focus();
    };
    socket.onmessage = ({ data }) => this.note('received', typeof data === 'string' ? data : `${data.size} bytes, not text`);
    socket.onclose = ({ code, reason }) => {
      this.socket = null;
      this.show('closed');
      // A browser does not tell pages why they were refused; the events do.
      this.note('state', wasOpen ? `ended with code ${code}${reason && `: ${reason}`}` : 'refused; the events say why');
    };
  }

  /** @param {'connecting' | 'open' | 'closed'} state */
  show(state) {
    const isOpen = state === 'open';
    setText(byId('join-button'), state === 'closed' ? 'Connect' : isOpen ? 'Disconnect' : 'Cancel');
    byId('join-id').readOnly = state !== 'closed';
    byId('say-text').disabled = !isOpen;
    byId('say-button').disabled = !isOpen;
  }

  /**
   * @param {'sent' | 'received' | 'state'} kind
   * @param {string} text
   */
  note(kind, text) {
    const isAtEnd = this.talk.scrollTop + this.talk.clientHeight >= this.talk.scrollHeight - 4;
    const line = make('li', '', make('time', '', clockTime(Date.now())), make('span', '', text.slice(0, MAX_SHOWN)));
    line.dataset.kind = kind;
    this.talk.append(line);
    while (this.talk.childElementCount > MAX_LINES) this.talk.firstElementChild.remove();
    if (isAtEnd) this.talk.scrollTop = this.talk.scrollHeight;
  }
}
