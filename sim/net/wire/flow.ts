/**
 * The number of a flow stands for addresses and ports: of which board it is, and of which of the board's
 * connections.
 *
 * The board has the low bits, so that the numbers of each board's first 131,072 connections fit 31 bits: V8
 * keeps such numbers in place, and larger ones as objects of their own, which each packet and each table of
 * connections would pay for.
 */

/** More than a world can have. */
const BOARDS = 2 ** 14;

/** @param board its index, below 16,384 @param connection counts from 1; 0 stands for datagrams */
export function flowOf(board: number, connection: number): number {
  return connection * BOARDS + board;
}

export function boardOf(flow: number): number {
  return flow % BOARDS;
}

export function connectionOf(flow: number): number {
  return Math.floor(flow / BOARDS);
}
