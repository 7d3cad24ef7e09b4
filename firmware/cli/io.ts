/** What a command sees of the process it runs in, so that a test can stand in for it. */

/** Results go to `out`, everything else to `err`. */
export interface Io {
  /** Read by who wants lines of it; left out: there is none. */
  input?: NodeJS.ReadableStream;
  out(text: string): void;
  err(text: string): void;
}

/** `| head` ends the reader before the writer: what it did not want is dropped. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

export function processIo(): Io {
  const { stdout, stderr } = process;
  stdout.on('error', ignoreClosedPipe);
  stderr.on('error', ignoreClosedPipe);
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    // Opened when it is asked for: who reads nothing is not kept from its end.
    get input() {
      return process.stdin;
    },
  };
}
