/** What a command's end tells the shell. */
export const EXIT = { ok: 0, bug: 1, usage: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
