/** The connection to the relay's console: tells what comes, and comes back by itself when it is lost. */

/** Between two attempts, ms: at first, and at most. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** @typedef {import('../protocol.ts').ToPage} ToPage */

export class Stream {
  /**
   * @param {(message: ToPage) => void} onMessage
   * @param {(state: 'waiting' | 'live' | 'lost', waitMs: number) => void} onState
   */
  constructor(onMessage, onState) {
    this.onMessage = onMessage;
    this.onState = onState;
    this.waitMs = FIRST_WAIT_MS;
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
      this.onState('live', 0);
    };
    socket.onmessage = ({ data }) => this.onMessage(JSON.parse(data));
    socket.onclose = () => {
      this.socket = null;
      // Many pages should not all come at once to a relay that has just started.
      const waitMs = this.waitMs * (0.75 + Math.random() / 2);
      this.onState('lost', waitMs);
      this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
      setTimeout(() => (wasOpen ? this.connect() : this.askAgain()), waitMs);
    };
  }

  /** A browser does not tell a page why it was refused. Perhaps the relay now wants a token, or another one: then its form is to be shown. */
  async askAgain() {
    try {
      const { status } = await fetch('/', { method: 'HEAD' });
      if (status === 401) location.reload();
    } catch {
      // Nobody there yet.
    }
    this.connect();
  }
}
