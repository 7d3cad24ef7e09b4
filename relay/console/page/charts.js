/** Clients, connects and ends, messages in and out: each a number that is now, and the last five minutes. */
import { make, setText, sizeOf } from './dom.js';
import { drawChart } from './draw.js';
import { clockTime, short } from './format.js';

/** @typedef {import('../protocol.ts').Sample} Sample */

/** @typedef {import('./model.js').Model} Model */

/** What is now is what the last second had, unless there is a count that is newer.
 * @type {{ title: string, kind: 'line' | 'bars', colour: string, up: (sample: Sample) => number, down?: (sample: Sample) => number, now?: (model: Model) => number, words: (up: number, down: number) => string }[]} */
const CHARTS = [
  {
    title: 'Clients',
    kind: 'line',
    colour: 'good',
    up: (sample) => sample[1],
    now: ({ connected }) => connected,
    words: (up) => short(up),
  },
  {
    title: 'Connects and ends a second',
    kind: 'bars',
    colour: 'accent',
    up: (sample) => sample[2],
    down: (sample) => sample[3],
    words: (up, down) => `+${short(up)} −${short(down)}`,
  },
  { title: 'Messages in a second', kind: 'line', colour: 'accent', up: (sample) => sample[4], words: (up) => short(up) },
  { title: 'Messages out a second', kind: 'line', colour: 'odd', up: (sample) => sample[5], words: (up) => short(up) },
];

export class Charts {
  /**
   * @param {HTMLElement} place
   * @param {import('./model.js').Model} model
   */
  constructor(place, model) {
    this.model = model;
    this.tiles = CHARTS.map((chart) => {
      const now = make('strong', 'now', '0');
      const note = make('span', 'note');
      const canvas = /** @type {HTMLCanvasElement} */ (make('canvas'));
      canvas.setAttribute('aria-hidden', 'true');
      /** @type {{ chart: typeof chart, now: Element, note: Element, canvas: HTMLCanvasElement, pointedAt: number | null }} */
      const tile = { chart, now, note, canvas, pointedAt: null };
      canvas.addEventListener('pointermove', ({ offsetX }) => {
        tile.pointedAt = offsetX / canvas.clientWidth;
        this.draw();
      });
      canvas.addEventListener('pointerleave', () => {
        tile.pointedAt = null;
        this.draw();
      });
      place.append(make('article', 'tile', make('h3', '', chart.title), now, note, canvas));
      return tile;
    });
  }

  draw() {
    const { samples, nowMs, windowMs } = this.model;
    const sizes = this.tiles.map(({ canvas }) => sizeOf(canvas));
    for (const [index, { chart, now, note, canvas, pointedAt }] of this.tiles.entries()) {
      const { up, down, words } = chart;
      const points = samples.map((sample) => ({ atMs: sample[0], up: up(sample), down: down?.(sample) }));
      if (chart.now) points.push({ atMs: nowMs, up: chart.now(this.model), down: undefined });
      const last = points.at(-1);
      setText(now, last ? words(last.up, last.down ?? 0) : '0');
      const pointedMs = pointedAt === null ? null : nowMs - windowMs * (1 - pointedAt);
      const pointed = pointedMs === null ? undefined : points.findLast(({ atMs }) => atMs <= pointedMs);
      const most = Math.max(0, ...points.map((point) => Math.max(point.up, point.down ?? 0)));
      setText(note, pointed ? `${words(pointed.up, pointed.down ?? 0)} at ${clockTime(pointed.atMs)}` : `peak ${short(most)}`);
      drawChart(canvas, sizes[index], points, { nowMs, windowMs, kind: chart.kind, colour: chart.colour });
    }
  }
}
