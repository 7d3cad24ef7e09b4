/** The weather of a live simulation: how the links of virtual boards are, and a form that changes them. Hidden at a relay without one. */
import { byId, make, setText } from './dom.js';

const ALL = '';
/** Elements of the form, and what they set. */
const SETTINGS = /** @type {const} */ ({ loss: 'lossRate', latency: 'latencyMs', blackhole: 'blackhole' });

export class WeatherForm {
  /**
   * @param {import('./model.js').Model} model
   * @param {(request: import('../protocol.ts').FromPage) => void} ask
   */
  constructor(model, ask) {
    this.model = model;
    /** What the user has moved since the last answer.
     * @type {Set<keyof import('../weather.ts').WeatherChange>} */
    this.moved = new Set();
    /** @type {import('../weather.ts').BoardWeather[] | null} */
    this.drawn = null;
    const form = byId('weather-form');
    for (const [id, setting] of Object.entries(SETTINGS)) byId(id).addEventListener('input', () => this.moved.add(setting));
    byId('target').addEventListener('input', () => this.take());
    form.addEventListener('input', () => {
      setText(byId('weather-said'), '');
      this.show();
    });
    form.addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      const id = byId('target').value;
      ask({ type: 'weather', ids: id === ALL ? null : [id], change: this.change() });
      this.moved.clear();
      setText(byId('weather-said'), 'applied');
    });
  }

  /** Only what was moved: whatever else differs from board to board stays. */
  change() {
    const all = {
      lossRate: Number(byId('loss').value) / 100,
      latencyMs: Number(byId('latency').value),
      blackhole: byId('blackhole').checked,
    };
    if (this.moved.size === 0) return all;
    return Object.fromEntries([...this.moved].map((name) => [name, all[name]]));
  }

  draw() {
    const { weather } = this.model;
    byId('weather').hidden = weather === null;
    if (weather === null || weather === this.drawn) return;
    if (weather.length !== this.drawn?.length) this.offer(weather.map(({ id }) => id));
    this.drawn = weather;
    if (this.moved.size === 0) this.take();
    this.show();
  }

  /** @param {string[]} ids */
  offer(ids) {
    const option = (/** @type {string} */ value, /** @type {string} */ text) => {
      const element = /** @type {HTMLOptionElement} */ (make('option', '', text));
      element.value = value;
      return element;
    };
    byId('target').replaceChildren(option(ALL, `all ${ids.length}`), ...ids.map((id) => option(id, id)));
  }

  /** Shows the target's weather in the form, for all boards that of the first. */
  take() {
    const id = byId('target').value;
    const board = this.model.weather?.find((one) => id === ALL || one.id === id);
    if (!board) return;
    byId('loss').value = String(Math.round(board.lossRate * 100));
    byId('latency').value = String(board.latencyMs);
    byId('blackhole').checked = board.blackhole;
    this.moved.clear();
  }

  show() {
    setText(byId('loss-now'), `${byId('loss').value} %`);
    setText(byId('latency-now'), `${byId('latency').value} ms`);
    const boards = this.model.weather ?? [];
    const dark = boards.filter(({ blackhole }) => blackhole).length;
    const lossy = boards.filter(({ lossRate }) => lossRate > 0).length;
    setText(byId('weather-now'), `Now: ${lossy} of ${boards.length} boards lose packets, ${dark} in a blackhole.`);
  }

  /** @param {string} message */
  fail(message) {
    setText(byId('weather-said'), message);
  }

  /**
   * Turns the form to one board.
   * @param {string} id
   */
  aim(id) {
    byId('target').value = id;
    this.take();
    this.show();
    byId('loss').focus();
  }
}
