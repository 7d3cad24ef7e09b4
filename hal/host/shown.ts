/**
 * A value in a message. Long ones are cut, since a file or a stranger may say anything; JSON, so that nothing
 * in it moves a terminal's cursor.
 */
const SHOWN_CHARACTERS_MAX = 60;

export function shown(value: unknown): string {
  return cut(written(value));
}

/** A value as one text: JSON, but for the numbers that JSON would call null, which are as YAML has them. */
export function written(value: unknown): string {
  const spell = (inner: unknown) => (typeof inner === 'number' && !Number.isFinite(inner) ? spelled(inner) : inner);
  const outer = spell(value);
  return outer === value ? (JSON.stringify(value, (_key, inner) => spell(inner)) ?? String(value)) : String(outer);
}

/** What is too long for a message ends with an ellipsis. */
export function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
}

function spelled(value: number): string {
  return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
}
