/**
 * Where a worker thread is that does not come back: V8's inspector can stop it in the middle of a loop. It
 * goes on afterwards, until somebody ends it.
 */
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { Frame } from './beats.ts';

/** A thread inside native code does not stop. */
const LIMIT_MS = 2_000;

interface Message {
  method?: string;
  params: {
    scriptId: string;
    url: string;
    callFrames: { location: { scriptId: string; lineNumber: number; columnNumber: number } }[];
  };
}

/** The innermost first; empty when it does not say. */
export function whereIs(thread: Worker): Promise<Frame[]> {
  const session = new Session();
  const files = new Map<string, string>();
  let id = 0;
  const post = (sessionId: string, method: string): void =>
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id: ++id, method }) });
  return new Promise((resolve) => {
    const finish = (frames: Frame[]): void => {
      clearTimeout(limit);
      session.disconnect();
      resolve(frames);
    };
    const limit = setTimeout(finish, LIMIT_MS, []);
    session.connect();
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      if (!workerInfo.title.startsWith(`[worker ${thread.threadId}]`)) return;
      post(sessionId, 'Debugger.enable');
      post(sessionId, 'Debugger.pause');
    });
    session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }) => {
      const { method, params } = JSON.parse(message) as Message;
      if (method === 'Debugger.scriptParsed')
        files.set(params.scriptId, params.url.startsWith('file:') ? fileURLToPath(params.url) : params.url);
      if (method !== 'Debugger.paused') return;
      post(sessionId, 'Debugger.resume');
      finish(
        params.callFrames.map(({ location: { scriptId, lineNumber, columnNumber } }) => ({
          file: files.get(scriptId) ?? '',
          line: lineNumber + 1,
          column: columnNumber + 1,
        })),
      );
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  });
}
