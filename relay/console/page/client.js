/** This page as one more client of the relay: connect with an id, send text, see what comes. */
import { byId, setText } from './dom.js';
import { Talk } from './talk.js';

const NORMAL_CLOSURE = 1000;
/** What the relay answers to the sender of a broadcast, in each of its envelopes (relay/routing/envelope.ts). */
const ACKNOWLEDGEMENT = 'Server got your message!';
const SERVER = 'server';

export class TryClient {
  /** @param {import('./model.js').Model} model */
  constructor(model) {
    this.model = model;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.talk = new Talk();
    /** Own messages that the relay has not answered yet. */
    this.unanswered = 0;
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
      this.unanswered++;
      this.talk.note('sent', text);
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
      this.unanswered = 0;
      this.model.ownId = id;
      this.show('open');
      this.talk.note('state', `connected${id && ` as ${id}`}`);
      byId('say-text').focus();
    };
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = ({ code, reason }) => {
      this.socket = null;
      this.model.ownId = '';
      this.show('closed');
      // A browser does not tell pages why they were refused; the events do.
      this.talk.note('state', wasOpen ? `ended with code ${code}${reason && `: ${reason}`}` : 'refused; the events say why');
    };
  }

  /** @param {string | Blob} data */
  receive(data) {
    if (typeof data !== 'string') return this.talk.note('received', `${data.size} bytes, not text`);
    const isAnswer = this.unanswered > 0 && (this.model.relay?.mode === 'echo' || textOf(data) === ACKNOWLEDGEMENT);
    if (isAnswer) this.unanswered--;
    this.talk.note(isAnswer ? 'answer' : 'received', data);
  }

  /** @param {'connecting' | 'open' | 'closed'} state */
  show(state) {
    const isOpen = state === 'open';
    setText(byId('join-button'), state === 'closed' ? 'Connect' : isOpen ? 'Disconnect' : 'Cancel');
    byId('join-id').readOnly = state !== 'closed';
    byId('say-text').disabled = !isOpen;
    byId('say-button').disabled = !isOpen;
  }
}

/**
 * Of a message of the relay's own. In the envelope `raw` others can send the same; then theirs may stand out in place of the answer.
 * @param {string} data
 */
function textOf(data) {
  if (!data.startsWith('{')) return data;
  try {
    const { from, text } = JSON.parse(data);
    return from === SERVER ? text : data;
  } catch {
    return data;
  }
}
