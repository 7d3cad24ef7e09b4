/** A value in a message. Long ones are cut, since a file or a stranger may say anything; JSON, so that nothing in it moves a terminal's cursor. */
const SHOWN_CHARACTERS_MAX = 60;

export function shown(value: unknown): string {
  return cut(JSON.stringify(value) ?? String(value));
}

export function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
}
