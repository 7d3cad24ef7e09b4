/** What a worker thread answers to each message that it is sent. */
import { UsageError } from 'host/user-error';

/** `refused` is the user's mistake, `failure` the kit's. */
export type Reply<Result> = { result: Result } | { refused: string } | { failure: string };

export async function replyWith<Result>(work: () => Promise<Result>): Promise<Reply<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (error instanceof UsageError) return { refused: error.message };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
