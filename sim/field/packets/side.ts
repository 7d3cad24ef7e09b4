/** The two ends of a connection. */

export type Side = 'client' | 'server';

export const SIDES = ['client', 'server'] as const;

export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
