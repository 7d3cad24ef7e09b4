/**
 * The weather of a live simulation: how the links of virtual boards are, and a form that changes them. Hidden at a relay without one.
 *
 * What differs between the boards that are meant is shown as mixed, and what nobody has moved is not touched.
 */
import { byId, make, setData, setText } from './dom.js';
import { percent } from './format.js';

/** @typedef {import('../weather.ts').BoardWeather} BoardWeather */
/** @typedef {keyof import('../weather.ts').WeatherChange} Setting */

const ALL = '';
/** By the form's element: what it sets, how that is called, how it is written, and what the element says. A slider goes from 0 to 100 %, or ms. */
const SLIDERS = /** @type {const} */ ({
  loss: { setting: 'lossRate', title: 'drop rate', scale: 100, write: percent },
  latency: { setting: 'latencyMs', title: 'latency', scale: 1, write: (/** @type {number} */ ms) => `${Math.round(ms)} ms` },
});
/** @type {Record<Setting, string>} */
const TITLES = { lossRate: SLIDERS.loss.title, latencyMs: SLIDERS.latency.title, blackhole: 'black hole' };

export class WeatherForm {
  /**
   * @param {import('./model.js').Model} model
   * @param {(request: import('../protocol.ts').FromPage) => void} ask
   */
  constructor(model, ask) {
    this.model = model;
    /** What the user has moved since it was last applied.
     * @type {Set<Setting>} */
    this.moved = new Set();
    /** @type {BoardWeather[] | null} */
    this.drawn = null;
    const moves = [...Object.entries(SLIDERS).map(([id, { setting }]) => [id, setting]), ['blackhole', 'blackhole']];
    for (const [id, setting] of moves) {
      byId(id).addEventListener('input', () => {
        this.moved.add(/** @type {Setting} */ (setting));
        this.say('');
        this.show();
      });
    }
    byId('target').addEventListener('change', () => this.turn());
    byId('weather-form').addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.moved.size === 0) return;
      const id = byId('target').value;
      ask({ type: 'weather', ids: id === ALL ? null : [id], change: this.change() });
      this.moved.clear();
      this.say('applied');
    });
    byId('weather-undo').addEventListener('click', () => {
      this.moved.clear();
      ask({ type: 'undo' });
    });
  }

  /** Only what was moved: whatever else differs from board to board stays. */
  change() {
    const all = {
      lossRate: Number(byId('loss').value) / SLIDERS.loss.scale,
      latencyMs: Number(byId('latency').value),
      blackhole: byId('blackhole').checked,
    };
    return Object.fromEntries([...this.moved].map((name) => [name, all[name]]));
  }

  draw() {
    const { weather } = this.model;
    byId('weather').hidden = weather === null;
    if (weather === null || weather === this.drawn) return;
    if (weather.length !== this.drawn?.length) this.offer(weather.map(({ id }) => id));
    this.drawn = weather;
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

  /** The boards that the form is about. */
  targets() {
    const id = byId('target').value;
    return (this.model.weather ?? []).filter((one) => id === ALL || one.id === id);
  }

  /** To other boards: what was moved was meant for the ones before. */
  turn() {
    this.moved.clear();
    this.say('');
    this.show();
  }

  /** What is moved as the user has it, all else as it is. */
  show() {
    const boards = this.targets();
    for (const [id, slider] of Object.entries(SLIDERS)) {
      this.showSlider(
        id,
        slider,
        boards.map((board) => board[slider.setting]),
      );
    }
    if (!this.moved.has('blackhole')) {
      const dark = boards.filter(({ blackhole }) => blackhole).length;
      byId('blackhole').indeterminate = dark > 0 && dark < boards.length;
      byId('blackhole').checked = dark > 0 && dark === boards.length;
    }
    setText(byId('blackhole-now'), byId('blackhole').indeterminate ? 'mixed' : '');
    byId('weather-apply').disabled = this.moved.size === 0;
    if (this.moved.size > 0) this.say(`not applied yet: ${[...this.moved].map((setting) => TITLES[setting]).join(', ')}`);
    this.sum();
  }

  /**
   * @param {string} id
   * @param {typeof SLIDERS[keyof typeof SLIDERS]} slider
   * @param {number[]} values of the boards that are meant
   */
  showSlider(id, { setting, scale, write }, values) {
    const input = byId(id);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const isMoved = this.moved.has(setting);
    const isMixed = !isMoved && least < most;
    // The slider is as coarse as a finger; the words beside it say what is so.
    if (!isMoved && values.length > 0) input.value = String(((least + most) / 2) * scale);
    const words = isMixed ? `mixed: ${write(least)} to ${write(most)}` : write(isMoved ? Number(input.value) / scale : least);
    setText(byId(`${id}-now`), words);
    setData(input.parentElement, 'state', isMixed ? 'mixed' : isMoved ? 'moved' : '');
    input.setAttribute('aria-valuetext', words);
  }

  sum() {
    const boards = this.model.weather ?? [];
    const count = (/** @type {(board: BoardWeather) => boolean} */ has) => boards.filter(has).length;
    const changed = count(({ isChanged }) => isChanged);
    const words = `${count(({ lossRate }) => lossRate > 0)} of ${boards.length} boards lose packets, ${count(({ blackhole }) => blackhole)} in a black hole`;
    setText(byId('weather-now'), `Now: ${words}. ${changed === 0 ? 'Nothing was changed here.' : `Changed from here: ${changed}.`}`);
    byId('weather-undo').disabled = changed === 0;
  }

  /** @param {string} words what came of the last request */
  say(words) {
    setText(byId('weather-said'), words);
  }

  /**
   * Turns the form to one board.
   * @param {string} id
   */
  aim(id) {
    byId('target').value = id;
    this.turn();
    byId('loss').focus();
  }
}
