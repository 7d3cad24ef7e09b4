/**
 * `link: { preset: train }`: the link of one of the kit's weathers (scenarios/weather/), under what the
 * document says of its own. A setting of both ways takes the place of what the weather says of each.
 */
import { isMapping } from 'host/is-mapping';
import { meant } from 'host/nearest';
import { shown } from 'host/shown';
import type { Problem } from '../document/problem.ts';
import type { SourceFolder } from '../document/source-folder.ts';
import { SourceText } from '../document/yaml-text.ts';
import { LINK_ALIASES } from '../settings.ts';
import { WEATHER_EXPECTED, WEATHERS } from '../weathers.ts';
import { expandVariables } from './variables.ts';

/** Takes `preset` out of a document's link, and puts what it stands for in. */
export function expandPreset({ link }: Record<string, unknown>, folder: SourceFolder | null): Problem | null {
  if (!isMapping(link) || !Object.hasOwn(link, 'preset')) return null;
  const { preset } = link;
  const path = ['link', 'preset'];
  delete link.preset;
  if (!WEATHERS.some((name) => name === preset)) {
    const near = meant(String(preset), WEATHERS);
    return { path, message: `expected ${WEATHER_EXPECTED}, got ${shown(preset)}${near === null ? '' : ` (did you mean "${near}"?)`}` };
  }
  const source = folder?.readWeather(preset as string) ?? { problem: 'there is no folder here in which it could lie' };
  if ('problem' in source) return { path, message: source.problem };
  Object.assign(link, { ...under(linkOf(source.text), link), ...link });
  return null;
}

/** What of a weather is left under a link's own settings. */
function under(weather: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  const given = Object.keys(own).map((key) => LINK_ALIASES[key]?.is ?? key);
  return Object.fromEntries(
    Object.entries(weather).filter(([key]) => !given.includes(key) && !given.includes(key.replace(/_(up|down)$/, ''))),
  );
}

function linkOf(text: string): Record<string, unknown> {
  const { value } = new SourceText('weather', text);
  if (!isMapping(value)) throw new Error('a weather of the kit cannot be read');
  expandVariables(value);
  return isMapping(value.link) ? value.link : {};
}
