/** How a rule of the subset checker says what it found: the place, what is wrong, what to write instead. */
export type Report = (node: { loc?: { start: { line: number; column: number } } | null }, what: string, instead: string) => void;
