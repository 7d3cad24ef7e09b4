/** A file with something more in it. */
export interface Merged {
  text: string;
  /** In words, as is what was left as it was. */
  added: string[];
  left: string[];
}
