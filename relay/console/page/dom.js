/** The few things that the console does with the page's elements. Text is always text: nothing here reads HTML. */

/**
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {(Node | string)[]} children
 */
export function make(tag, className = '', ...children) {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}

/**
 * Writes only what is different: most of a tick is what it was.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value
 */
export function setData(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/** @typedef {{ width: number, height: number }} Size of an element, px */

/**
 * To be asked before anything is written: between writes it costs a layout each time.
 * @param {Element} element
 * @returns {Size}
 */
export function sizeOf({ clientWidth, clientHeight }) {
  return { width: clientWidth, height: clientHeight };
}

/**
 * Makes a canvas as sharp as the screen is, and empties it.
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 */
export function prepare(canvas, { width, height }) {
  const scale = window.devicePixelRatio || 1;
  const pixels = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== pixels[0]) canvas.width = pixels[0];
  if (canvas.height !== pixels[1]) canvas.height = pixels[1];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Colours for canvases, as the style sheet has them: read anew when the theme changes. */
export const colours = new Map();
const NAMES = ['accent', 'good', 'warn', 'bad', 'calm', 'odd', 'line', 'faint', 'text', 'surface'];

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of NAMES) colours.set(name, style.getPropertyValue(`--${name}`).trim());
}

readColours();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', readColours);
