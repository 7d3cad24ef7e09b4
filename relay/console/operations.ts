/**
 * What a console can do to whom it shows, for a page that has been let in by the token. Without a token there
 * is nothing of it, also for who sits at this computer: to end somebody's connection takes more than to look.
 */

/** Each answers whether it could. Those of a simulation are handed in by whoever runs one. */
export interface Operations {
  /** Ends a client's session with a close frame; it may come back. False: it is not connected. */
  kick?(id: string): boolean;
  /** RST to both ends of each connection of a virtual board, over its link. False: it is no virtual board. */
  reset?(id: string): boolean;
  /** The relay of a simulation stops, and serves again a moment later. False: it is down already. */
  restart?(): boolean;
  /**
   * Changes nothing: what a virtual board's channel does and its TCP connections stand at, at both ends, as
   * text. null: it is no virtual board.
   */
  netstat?(id: string): string | null;
}

/** What a page may ask for. */
export type MayName = keyof Operations;
export type OperationName = Exclude<MayName, 'netstat'>;

interface OperationWords {
  done: string;
  failed: string;
}

export const OPERATIONS: Readonly<Record<OperationName, OperationWords>> = {
  kick: { done: 'kicked', failed: 'has no session that could be ended' },
  reset: { done: 'link reset', failed: 'is no virtual board' },
  restart: { done: 'relay restarted', failed: 'the relay is down already' },
};

export function isOperation(name: unknown): name is OperationName {
  return typeof name === 'string' && Object.hasOwn(OPERATIONS, name);
}
