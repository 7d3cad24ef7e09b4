/** The connection to the relay's console: tells what comes, and comes back by itself when it is lost. */

/** Between two attempts, ms: at first, and at most. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
const NO_ANSWER = 'relay does not answer';
/** What the answer to a plain request says about a stream that was refused.
 * @type {Record<number, string>} */
const WORDS = {
  200: 'relay has no room for another console',
  404: 'relay runs without a console',
  429: 'relay was asked too often',
};

/** @typedef {import('../protocol.ts').ToPage} ToPage */

export class Stream {
  /**
   * @param {(message: ToPage) => void} onMessage
   * @param {(state: 'live' | 'lost', words: string) => void} onState
   */
  constructor(onMessage, onState) {
    this.onMessage = onMessage;
    this.onState = onState;
    this.waitMs = FIRST_WAIT_MS;
    this.words = NO_ANSWER;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.connect();
  }

  /** @param {import('../protocol.ts').FromPage} request */
  ask(request) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(request));
  }

  connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/console/stream`);
    this.socket = socket;
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.waitMs = FIRST_WAIT_MS;
      this.words = NO_ANSWER;
      this.onState('live', 'live');
    };
    socket.onmessage = ({ data }) => this.onMessage(JSON.parse(data));
    socket.onclose = () => {
      this.socket = null;
      // Many pages should not all come at once to a relay that has just started.
      const waitMs = this.waitMs * (0.75 + Math.random() / 2);
      this.onState('lost', `${this.words}, trying again in ${Math.ceil(waitMs / 1_000)}s`);
      this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
      setTimeout(() => (wasOpen ? this.connect() : this.askAgain()), waitMs);
    };
  }

  /** A browser does not tell a page why it was refused; how the relay answers otherwise does. If it wants a token, its form is to be shown. */
  async askAgain() {
    const status = await fetch('/', { method: 'HEAD' }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 401) location.reload();
    this.words = WORDS[status] ?? NO_ANSWER;
    this.connect();
  }
}
