/** The small pictures of the console: a client's timeline, its round trips, and the charts of rates. Numbers beside them say the same in words. */
import { colours, prepare } from './dom.js';
import { causeOf } from './format.js';

/** @typedef {import('./dom.js').Size} Size */

/**
 * When a client was connected: a bar for each session, in whose end the colour of its cause stands.
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 * @param {import('./model.js').Client} client
 * @param {{ nowMs: number, windowMs: number }} time
 */
export function drawTimeline(canvas, size, client, { nowMs, windowMs }) {
  const context = prepare(canvas, size);
  const { width, height } = size;
  const middle = Math.round(height / 2);
  const x = (/** @type {number} */ ms) => ((ms - nowMs + windowMs) / windowMs) * width;
  context.fillStyle = colours.get('line');
  context.fillRect(0, middle, width, 1);
  for (const [fromMs, toMs] of client.past) {
    if (x(toMs) < 0) continue;
    context.fillStyle = colours.get('faint');
    bar(context, x(fromMs), x(toMs), middle, 6);
  }
  if (client.isConnected) {
    context.fillStyle = colours.get('good');
    bar(context, x(client.sinceMs), width, middle, 6);
  }
  for (const [, toMs, cause] of client.past) {
    if (x(toMs) < 0) continue;
    context.fillStyle = colours.get(causeOf(cause).colour);
    context.fillRect(Math.min(x(toMs) - 1.5, width - 3), middle - 7, 3, 14);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} from
 * @param {number} to
 * @param {number} middle
 * @param {number} thickness
 */
function bar(context, from, to, middle, thickness) {
  const left = Math.max(from, 0);
  context.fillRect(left, middle - thickness / 2, Math.max(to - left, 1.5), thickness);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 * @param {readonly number[]} values
 */
export function drawSparkline(canvas, size, values) {
  const context = prepare(canvas, size);
  const { width, height } = size;
  if (values.length === 0) return;
  const most = Math.max(...values, 1);
  const x = (/** @type {number} */ index) => (values.length === 1 ? width - 2 : (index / (values.length - 1)) * (width - 4) + 2);
  const y = (/** @type {number} */ value) => height - 3 - (value / most) * (height - 6);
  context.strokeStyle = colours.get('accent');
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.beginPath();
  for (const [index, value] of values.entries()) context.lineTo(x(index), y(value));
  context.stroke();
  context.fillStyle = colours.get('accent');
  context.beginPath();
  context.arc(x(values.length - 1), y(values[values.length - 1]), 2, 0, 2 * Math.PI);
  context.fill();
}

/**
 * A line over time, filled down to zero; or bars, up for the first series and down for the second.
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 * @param {{ atMs: number, up: number, down?: number }[]} points one a second
 * @param {{ nowMs: number, windowMs: number, kind: 'line' | 'bars', colour: string }} options
 */
export function drawChart(canvas, size, points, { nowMs, windowMs, kind, colour }) {
  const context = prepare(canvas, size);
  const { width, height } = size;
  const hasDown = points.some(({ down }) => down !== undefined);
  const most = Math.max(1, ...points.map(({ up, down = 0 }) => Math.max(up, down)));
  const base = hasDown ? height / 2 : height - 1;
  const room = base - 2;
  const x = (/** @type {number} */ atMs) => ((atMs - nowMs + windowMs) / windowMs) * width;
  const y = (/** @type {number} */ value) => (value / most) * room;
  context.fillStyle = colours.get('line');
  context.fillRect(0, Math.round(base), width, 1);
  if (kind === 'line') drawLine(context, points, x, (value) => base - y(value), base, colours.get(colour));
  else drawBars(context, points, x, y, base, width / (windowMs / 1_000), colours.get(colour));
}

/** @typedef {(value: number) => number} Scale */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ atMs: number, up: number }[]} points
 * @param {Scale} x
 * @param {Scale} y
 * @param {number} base
 * @param {string} colour
 */
function drawLine(context, points, x, y, base, colour) {
  if (points.length === 0) return;
  context.beginPath();
  for (const { atMs, up } of points) context.lineTo(x(atMs), y(up));
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.lineTo(x(points[points.length - 1].atMs), base);
  context.lineTo(x(points[0].atMs), base);
  context.globalAlpha = 0.16;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ atMs: number, up: number, down?: number }[]} points
 * @param {Scale} x
 * @param {Scale} y
 * @param {number} base
 * @param {number} step
 * @param {string} colour
 */
function drawBars(context, points, x, y, base, step, colour) {
  const width = Math.max(step - 0.5, 1.5);
  for (const { atMs, up, down = 0 } of points) {
    context.fillStyle = colour;
    if (up > 0) context.fillRect(x(atMs) - width, base - Math.max(y(up), 1.5), width, Math.max(y(up), 1.5));
    context.fillStyle = colours.get('warn');
    if (down > 0) context.fillRect(x(atMs) - width, base + 1, width, Math.max(y(down), 1.5));
  }
}
