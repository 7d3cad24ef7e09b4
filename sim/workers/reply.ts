/** What a worker thread answers to each message that it is sent. */
export type Reply<Result> = { result: Result } | { failure: string };
