/** Whose settings are looked for, as `tune` and `advise` take it. */
import { valueFlag } from 'host/command-line';
import { didYouMean, type Field, readTyped } from '../../kernel/fields.ts';
import type { Override } from '../../scenario/document/overrides.ts';
import { BOARD_FIELDS, RELAY_FIELDS } from '../../scenario/settings.ts';

export const PRESET_FLAGS = {
  client: flagOf('The library that the boards run: what it cannot be set to is not recommended', BOARD_FIELDS.client),
  'server-preset': flagOf('The server, proxy or broker, the same', RELAY_FIELDS.server),
};

function flagOf<T extends string>(about: string, field: Field<T>) {
  return valueFlag<T>({
    about,
    expected: field.expected,
    parse: (text) => readTyped(field, text),
    didYouMean: (text) => didYouMean(field, text),
  });
}

/** The same as changes of a scenario. */
export function presetOverrides(values: { client?: string; 'server-preset'?: string }): Override[] {
  const { client, 'server-preset': server } = values;
  return [
    ...(client === undefined ? [] : [{ text: `boards.client=${client}`, path: ['boards', 'client'], value: client }]),
    ...(server === undefined ? [] : [{ text: `relay.server=${server}`, path: ['relay', 'server'], value: server }]),
  ];
}
