/** What a board is called, in traces, documents and at the relay, and its number within a world. */

const BOARD_ID = /^board-([1-9]\d{0,5})$/;

/** `board-1` for index 0. */
export function boardId(index: number): string {
  return `board-${index + 1}`;
}

/** 0 for `board-1`; null for what is no board's id, or one of more than six digits. */
export function boardIndex(id: string): number | null {
  const [, number] = BOARD_ID.exec(id) ?? [];
  return number === undefined ? null : Number(number) - 1;
}
