/**
 * The thread behind watchdog.ts: looks at the beats of the main thread, and when they stop for too long,
 * finds out where it is and ends what it does there.
 *
 * Through V8's inspector, which can stop a thread in the middle of a loop. Termination takes the whole
 * JavaScript stack back to the event loop, past every `catch` and `finally`; what waited for it waits for
 * ever, so whoever started it is told by a message. Plain JavaScript: a thread with a loader of TypeScript
 * takes a third of a second to start.
 */
const { Session } = require('node:inspector');
const { fileURLToPath } = require('node:url');
const { parentPort, workerData } = require('node:worker_threads');

const { shared, limitMs, cpuLimitMs, lookMs, STATE, BEATS, WATCHING, BITTEN } = workerData;
const words = new Int32Array(shared);
const US_PER_MS = 1000;
/** Messages of the inspector arrive when this thread does something. */
const LISTEN_MS = 10;

let beats = -1;
let sinceMs = 0;
let cpuThenMs = 0;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / US_PER_MS;
};

function look() {
  const nowMs = performance.now();
  if (words[STATE] !== WATCHING || words[BEATS] !== beats) {
    beats = words[BEATS];
    sinceMs = nowMs;
    cpuThenMs = cpuMs();
    return;
  }
  if (nowMs - sinceMs < limitMs || cpuMs() - cpuThenMs < cpuLimitMs) return;
  clearInterval(timer);
  setInterval(() => {}, LISTEN_MS);
  bite();
}

function bite() {
  const session = new Session();
  session.connectToMainThread();
  const files = new Map();
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) =>
    files.set(scriptId, url.startsWith('file:') ? fileURLToPath(url) : url),
  );
  session.on('Debugger.paused', ({ params }) => {
    words[STATE] = BITTEN;
    const frames = params.callFrames.map(({ location: { scriptId, lineNumber, columnNumber } }) => ({
      file: files.get(scriptId) ?? '',
      line: lineNumber + 1,
      column: columnNumber + 1,
    }));
    session.post('Runtime.terminateExecution');
    session.post('Debugger.resume', () => {
      session.disconnect();
      parentPort.postMessage(frames);
    });
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

const timer = setInterval(look, lookMs);
