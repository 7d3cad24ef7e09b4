/** How a rule of the subset checker says what it found: the place, what is wrong, what to write instead. */
export type Report = (node: Place, what: string, instead: string, severity?: Severity) => void;

/**
 * `error`: the board does something else than the computer, or nothing · `warning`: a message that is refused
 * everywhere, or a harmless difference.
 */
export type Severity = 'error' | 'warning';

export interface Place {
  loc?: { start: { line: number; column: number } } | null;
}
