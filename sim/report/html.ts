/**
 * HTML as tagged templates that escape every value by themselves, so that no scenario name, log line or path
 * can ever become markup.
 */

/** Text that is markup already. Made by `html` and `trusted` only. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | readonly Content[];

export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(strings.map((text, index) => text + (index < values.length ? render(values[index]) : '')).join(''));
}

/** For constants of this folder and for SVG that the chart library has escaped. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** Coordinates of a drawing: finer than a screen shows, coarse enough to keep the file small. */
export function roundPixels(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function render(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
