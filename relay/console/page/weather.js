/** The weather of a live simulation: how the links of virtual boards are, and a form that changes them. Hidden at a relay without one. */
import { byId, make, setText } from './dom.js';

const ALL = '';

export class WeatherForm {
  /**
   * @param {import('./model.js').Model} model
   * @param {(request: import('../protocol.ts').FromPage) => void} ask
   */
  constructor(model, ask) {
    this.model = model;
    this.touched = false;
    /** @type {import('../weather.ts').BoardWeather[] | null} */
    this.drawn = null;
    const form = byId('weather-form');
    form.addEventListener('input', (/** @type {Event} */ { target }) => {
      this.touched = target !== byId('target');
      if (!this.touched) this.take();
      this.show();
    });
    form.addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      const id = byId('target').value;
      ask({
        type: 'weather',
        ids: id === ALL ? null : [id],
        change: {
          lossRate: Number(byId('loss').value) / 100,
          latencyMs: Number(byId('latency').value),
          blackhole: byId('blackhole').checked,
        },
      });
      this.touched = false;
      setText(byId('weather-said'), 'applied');
    });
  }

  draw() {
    const { weather } = this.model;
    byId('weather').hidden = weather === null;
    if (weather === null || weather === this.drawn) return;
    if (weather.length !== this.drawn?.length) this.offer(weather.map(({ id }) => id));
    this.drawn = weather;
    if (!this.touched) this.take();
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
    setText(byId('weather-said'), '');
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
    this.touched = false;
    this.take();
    this.show();
    byId('loss').focus();
  }
}
