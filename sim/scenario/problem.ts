/** What is wrong with a document, and where: the front end that knows the file's lines or the flag's name turns the path into words. */
export interface Problem {
  /** Keys and list indices from the document's root. */
  path: (string | number)[];
  message: string;
  /** The key itself is what is wrong, not its value. */
  isKey?: boolean;
}

/** A value in a message; long ones are cut, since a file may hold anything. */
export function shown(value: unknown): string {
  return cut(written(value));
}

/** A value as one text: JSON, but for the numbers that JSON would call null, which are as YAML has them. */
export function written(value: unknown): string {
  const spell = (inner: unknown) => (typeof inner === 'number' && !Number.isFinite(inner) ? spelled(inner) : inner);
  const outer = spell(value);
  return outer === value ? (JSON.stringify(value, (_key, inner) => spell(inner)) ?? String(value)) : String(outer);
}

function spelled(value: number): string {
  return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
}

/** A path in a message: a key may be as long as it likes, and hold what moves a terminal's cursor. */
export function shownPath(path: Problem['path']): string {
  const keys = path.map((key) =>
    cut(String(key).replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  );
  return keys.join('.');
}

/** What is too long for a message ends with an ellipsis. */
export function cut(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

const MAX_SHOWN_CHARACTERS = 60;
