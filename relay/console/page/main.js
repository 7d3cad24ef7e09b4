/** The console's page: joins the stream of the relay to what is shown. Draws at most once a frame, and only when something has changed. */
import { Charts } from './charts.js';
import { TryClient } from './client.js';
import { Confirm } from './confirm.js';
import { byId, setData, setText } from './dom.js';
import { Events } from './events.js';
import { duration } from './format.js';
import { HistoryDialog } from './history.js';
import { Model } from './model.js';
import { Operations } from './operations.js';
import { Stream } from './stream.js';
import { Table } from './table.js';
import { WeatherForm } from './weather.js';

/** Times and timelines go on by themselves, ms. */
const CLOCK_MS = 1_000;

const model = new Model();
const stream = new Stream(streamOnMessage, streamOnState);
const ask = (/** @type {import('../protocol.ts').FromPage} */ request) => stream.ask(request);
const weather = new WeatherForm(model, ask);
const operations = new Operations(model, new Confirm(), ask);
const history = new HistoryDialog(model, operations, ask, (id) => weather.aim(id));
const table = new Table(model, (id) => history.open(id));
const charts = new Charts(byId('charts'), model);
const events = new Events(model, (id) => history.open(id));
new TryClient(model);

let isDrawing = false;

function changed() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw();
  });
}

function draw() {
  table.draw();
  charts.draw();
  events.draw();
  weather.draw();
  operations.draw();
  history.draw();
  if (!model.relay) return;
  const { mode, pingIntervalMs, pingTimeoutMs } = model.relay;
  const pings = pingIntervalMs === 0 ? 'no pings' : `ping every ${duration(pingIntervalMs)}, timeout ${duration(pingTimeoutMs)}`;
  const outage = model.outage && `relay ${model.outage} · `;
  setText(byId('facts'), `${outage}up ${duration(model.nowMs - model.startedMs)} · ${mode} · ${pings}`);
}

/** @param {import('../protocol.ts').ToPage} message */
function streamOnMessage(message) {
  switch (message.type) {
    case 'hello':
      model.begin(message);
      break;
    case 'rows':
    case 'tick':
      model.apply(message);
      break;
    case 'history':
      history.show(message);
      break;
    case 'netstat':
      history.showConnections(message);
      break;
    case 'done':
    case 'failed':
      answered(message);
      break;
  }
  changed();
}

/** @param {import('../protocol.ts').Done | import('../protocol.ts').Failed} answer */
function answered({ of, message }) {
  if (of === 'history') history.fail(message);
  else if (of === 'weather' || of === 'undo') weather.say(message);
  else if (of === 'restart') setText(byId('restart-said'), message);
  else history.say(message);
}

/**
 * @param {'live' | 'lost'} state
 * @param {string} words
 */
function streamOnState(state, words) {
  const link = byId('link');
  if (state === 'lost' && link.dataset.state === 'live') {
    model.addEvent({ number: 0, atMs: model.nowMs, kind: 'relay', id: '', text: 'no connection to the relay' });
    changed();
  }
  setData(link, 'state', state);
  setText(link, words);
}

setText(byId('place'), location.host);
document.title = `${location.host} – Squall`;
setInterval(changed, CLOCK_MS);
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  byId('find').focus();
});
