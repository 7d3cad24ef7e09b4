/** What a frame holds, one layer in; or why that cannot be said. */

/** Why no segment of TCP was found in a frame. */
export type Unread = 'not TCP' | 'cut short' | 'damaged' | 'fragment' | 'encrypted' | 'unknown link';

export interface Inside {
  etherType: number;
  /** Where it begins. */
  at: number;
  /** Of those in which one capture looks. */
  place: number;
  /** The radio sent the frame again: its receiver may have it already. */
  isRetry: boolean;
}
