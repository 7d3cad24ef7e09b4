/**
 * The text form of a reconnect backoff: `fixed,min=1s` or `exponential,min=1s,max=60s,jitter=full`.
 *
 * Only splits and names things; what is legal for each key is settings.ts's BACKOFF_FIELDS, the same as for
 * the mapping in a scenario file.
 */
import { nearest } from 'host/nearest';
import { formatDuration } from 'host/units';
import { didYouMean, type Values } from '../../kernel/fields.ts';
import { BACKOFF_FIELDS } from '../settings.ts';

export const BACKOFF_EXPECTED =
  'fixed or exponential, then any of min=1s, max=60s, jitter=none|equal|full|decorrelated, with commas between';

/** `fixed,min=1s` → `{ kind: 'fixed', min: '1s' }`, values unread; or what is wrong. */
export function splitBackoffSpec(spec: string): { parts: Record<string, string> } | { problem: string } {
  const [kind, ...settings] = spec.split(',');
  const parts: Record<string, string> = { kind };
  for (const setting of settings) {
    const [key, value, ...rest] = setting.split('=');
    if (value === undefined || rest.length > 0)
      return { problem: `expected key=value after the first comma, got ${JSON.stringify(setting)}` };
    if (key === 'kind' || !Object.hasOwn(BACKOFF_FIELDS, key)) {
      return { problem: `unknown key ${JSON.stringify(key)} (${meantBy(key, value)})` };
    }
    if (Object.hasOwn(parts, key)) return { problem: `${key} is given twice` };
    parts[key] = value;
  }
  return { parts };
}

/** The device's config.json has the same in milliseconds. */
export const IN_CONFIG_JSON: Record<string, 'min' | 'max'> = { min_ms: 'min', max_ms: 'max' };

function meantBy(key: string, value: string): string {
  const own = IN_CONFIG_JSON[key];
  if (own === undefined) return `did you mean "${nearest(key, ['min', 'max', 'jitter'])}"?`;
  return `here it is ${own}=${/^\d{1,9}$/.test(value) ? formatDuration(Number(value)) : '1s'}; ${key} is config.json's`;
}

/** The whole way, for a flag. */
export function readBackoffSpec(spec: string): { backoff: Values<typeof BACKOFF_FIELDS> } | { problem: string } {
  const split = splitBackoffSpec(spec);
  if ('problem' in split) return split;
  const backoff: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(split.parts)) {
    const field = BACKOFF_FIELDS[key as keyof typeof BACKOFF_FIELDS];
    backoff[key] = field.read(value);
    if (backoff[key] === null)
      return { problem: `${key}: expected ${field.expected}, got ${JSON.stringify(value)}${didYouMean<unknown>(field, value)}` };
  }
  return { backoff };
}

/** `kind` comes first in the text form; a document without it is written with the default one. */
export function writeBackoffSpec({ kind = 'exponential', ...rest }: Values<typeof BACKOFF_FIELDS>): string {
  const parts = Object.entries(rest).map(([key, value]) => `${key}=${BACKOFF_FIELDS[key as keyof typeof rest].write(value as never)}`);
  return [kind, ...parts].join(',');
}
