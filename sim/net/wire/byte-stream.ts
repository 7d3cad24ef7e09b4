/** One end of a connection as its user sees it, be it plain TCP or TLS over it. Bytes are binary strings. */

export interface ByteStream {
  readonly readableBytes: number;
  /** The peer has ended and everything was read. */
  readonly atEnd: boolean;
  /** Returns whether more is welcome; false promises an `onDrain`. Ignored once ended. */
  write(data: string): boolean;
  /** At most so many bytes, in order; '' when there are none. */
  read(bytes: number): string;
  /** Ends this direction after everything written. */
  end(): void;
  /** Its user is gone: what still happens is told to nobody. */
  release(): void;
}
