/** A link on one line, as `tune` and `advise` take it: `loss=0.1,burst=4,latency=50ms`. */
import { UsageError } from 'host/user-error';
import { didYouMean } from '../../kernel/fields.ts';
import { LINK_FIELDS } from '../../net/link/settings.ts';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';

/** @throws UsageError */
export function readLink(text: string): Override[] {
  return text.split(',').map((part) => {
    const [, key, value] = /^([a-z_]+)=(.+)$/.exec(part.trim()) ?? [];
    if (key === undefined) throw new UsageError(`expected key=value (loss=0.1), got ${JSON.stringify(part)}`);
    if (!Object.hasOwn(LINK_FIELDS, key))
      throw new UsageError(`unknown key ${JSON.stringify(key)}; expected one of ${Object.keys(LINK_FIELDS).join(', ')}`);
    const field = LINK_FIELDS[key as keyof typeof LINK_FIELDS];
    const override = parseOverride(`link.${key}=${value}`);
    if (typeof override === 'string') throw new UsageError(override);
    if (field.read(override.value) === null)
      throw new UsageError(`${key}: expected ${field.expected}, got ${JSON.stringify(value)}${didYouMean<unknown>(field, value)}`);
    return override;
  });
}
