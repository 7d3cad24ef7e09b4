/** The link's settings under the names that documents give them, as the world names them, and back. */
import type { Values } from '../kernel/fields.ts';
import type { LinkSettings } from './scenario.ts';
import type { LINK_FIELDS } from './settings.ts';

type LinkValues = Values<typeof LINK_FIELDS>;

const NAMES = {
  latency: 'latencyMs',
  jitter: 'jitterMs',
  loss: 'lossRate',
  burst: 'burst',
  rate: 'rateBps',
  rssi: 'rssiDbm',
  power_save: 'powerSave',
  dtim: 'dtim',
} as const satisfies Record<keyof LinkValues, keyof LinkSettings>;

/** Settings that are not given stay out. */
export function linkSettings<V extends LinkValues>(values: V): { [K in keyof V & keyof typeof NAMES as (typeof NAMES)[K]]: V[K] } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [NAMES[key as keyof LinkValues], value])) as never;
}

export function linkValues(settings: LinkSettings): LinkValues {
  const given = Object.entries(NAMES).filter(([, name]) => settings[name] !== undefined);
  return Object.fromEntries(given.map(([key, name]) => [key, settings[name]]));
}
