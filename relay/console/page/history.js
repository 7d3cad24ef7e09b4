/** One id's past, on request: its sessions, how they ended, and when it was refused. */
import { byId, make, setText } from './dom.js';
import { causeOf, clockTime, duration, roundTrip, short } from './format.js';

export class HistoryDialog {
  /**
   * @param {import('./model.js').Model} model
   * @param {import('./operations.js').Operations} operations
   * @param {(request: import('../protocol.ts').FromPage) => void} ask
   * @param {(id: string) => void} onWeather
   */
  constructor(model, operations, ask, onWeather) {
    this.model = model;
    this.operations = operations;
    this.ask = ask;
    this.onWeather = onWeather;
    this.dialog = byId('history');
    this.id = '';
    /** Of the session that was open when it was asked, 0 for none. */
    this.session = 0;
  }

  /** @param {string} id */
  open(id) {
    this.id = id;
    this.say('');
    setText(byId('history-title'), id);
    byId('history-body').replaceChildren(make('p', 'hint', 'asking the relay'));
    if (!this.dialog.open) this.dialog.showModal();
    this.look();
  }

  /** Again when a session has begun or ended meanwhile. */
  draw() {
    if (this.dialog.open && this.session !== this.model.sessionOf(this.id)) this.look();
  }

  look() {
    this.session = this.model.sessionOf(this.id);
    this.ask({ type: 'history', id: this.id });
  }

  /** @param {import('../protocol.ts').History} history */
  show({ id, sessions, refusals }) {
    if (!this.dialog.open || id !== this.id) return;
    const client = this.model.clients.get(id);
    const parts = [
      this.now(client),
      make('h3', '', `Sessions before (${sessions.length}${sessions.length === MAX_KEPT ? ', the last ones' : ''})`),
      table(SESSION_HEADS, sessions.toReversed().map(sessionCells)),
    ];
    if (refusals.length > 0) {
      parts.push(make('h3', '', `Refused (${refusals.length})`), table(['At', 'Why', 'HTTP'], refusals.toReversed().map(refusalCells)));
    }
    byId('history-body').replaceChildren(...parts);
  }

  /** As they stood when they were asked for. @param {import('../protocol.ts').Netstat} netstat */
  showConnections({ id, text }) {
    if (!this.dialog.open || id !== this.id) return;
    const body = byId('history-body');
    body.querySelector('pre')?.remove();
    body.append(make('pre', 'scroll', text));
  }

  /** @param {string} message nothing is known of this id */
  fail(message) {
    if (this.dialog.open) byId('history-body').replaceChildren(make('p', 'hint', message));
  }

  /** @param {string} words what came of an operation */
  say(words) {
    setText(byId('history-said'), words);
  }

  /** @param {import('./model.js').Client | undefined} client */
  now(client) {
    const list = make('dl', 'facts');
    const add = (/** @type {string} */ name, /** @type {string} */ value) => list.append(make('dt', '', name), make('dd', '', value));
    if (client?.isConnected) {
      const [, messagesIn, messagesOut, dropped, buffered] = client.figures;
      const rtts = client.rttsMs.map(roundTrip).join(', ');
      add('Connected', `since ${clockTime(client.sinceMs)}, ${duration(this.model.nowMs - client.sinceMs)}`);
      add('Round trips', rtts || 'no ping was answered yet');
      add('Messages', `${short(messagesIn)} in, ${short(messagesOut)} out, ${short(dropped)} lost`);
      add('Waiting to be sent', `${buffered} bytes`);
    } else {
      add('Connected', 'no');
    }
    if (client?.address) add('Address', client.address);
    if (client?.name) add('Certificate', client.name);
    const buttons = client?.isConnected ? this.operations.buttonsFor(client) : [];
    if (client?.isVirtual && this.model.operations.includes('netstat')) {
      const button = make('button', '', 'TCP connections');
      button.addEventListener('click', () => this.ask({ type: 'netstat', id: client.id }));
      buttons.unshift(button);
    }
    if (client?.isVirtual) {
      const button = make('button', '', 'Weather of this board');
      button.addEventListener('click', () => {
        this.dialog.close();
        this.onWeather(client.id);
      });
      buttons.unshift(button);
    }
    return make('div', '', list, make('p', 'actions', ...buttons));
  }
}

/** Of the sessions of an id, by the relay. */
const MAX_KEPT = 20;

const SESSION_HEADS = ['From', 'For', 'Ended by', 'Code', 'In', 'Out', 'Lost'];

/** @param {import('../protocol.ts').History['sessions'][number]} session */
function sessionCells({ fromMs, toMs, cause, code, messagesIn, messagesOut, dropped }) {
  return [clockTime(fromMs), duration(toMs - fromMs), causeOf(cause).words, code, messagesIn, messagesOut, dropped].map(String);
}

/** @param {import('../protocol.ts').History['refusals'][number]} refusal */
function refusalCells({ atMs, reason, status }) {
  return [clockTime(atMs), reason.replaceAll('_', ' '), status === 0 ? '' : String(status)];
}

/**
 * @param {string[]} heads
 * @param {string[][]} rows
 */
function table(heads, rows) {
  if (rows.length === 0) return make('p', 'hint', 'none');
  const head = make('thead', '', make('tr', '', ...heads.map((text) => make('th', '', text))));
  const body = make('tbody', '', ...rows.map((cells) => make('tr', '', ...cells.map((text) => make('td', '', text)))));
  return make('div', 'scroll', make('table', '', head, body));
}
