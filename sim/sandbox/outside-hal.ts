/**
 * What a computer has and a board does not: in the app's own modules these names stand for guards, which
 * refuse and say what to use instead. (What every board has, and must have for itself, is in
 * board-globals.ts.)
 *
 * The computer's processes, files and sockets are on no board, and its clocks make no two runs alike. A
 * refusal is thrown, and noted as well, so that an app which catches it does not go on in silence: whoever
 * runs the app asks `takeRefusals`.
 *
 * A guard against mistakes, not against malice: `Function('return this')()` still finds everything.
 */
import { MISSING_GLOBALS } from 'firmware/build/subset/missing';

/** What is noted between two questions; an app that catches everything may go on for ever. */
const REFUSALS_MAX = 20;

const CHANNEL = 'use createChannel of firmware/channel';
const NOW = 'use hal.clock.now(), or hal.wallClock.now() for the date';

/** Functions and objects, by name, and what to use instead. */
const FUNCTIONS: Record<string, string> = {
  setImmediate: MISSING_GLOBALS.setImmediate,
  clearImmediate: MISSING_GLOBALS.clearImmediate,
  Buffer: MISSING_GLOBALS.Buffer,
  fetch: MISSING_GLOBALS.fetch,
  WebSocket: CHANNEL,
  EventSource: CHANNEL,
  XMLHttpRequest: MISSING_GLOBALS.fetch,
  BroadcastChannel: CHANNEL,
  MessageChannel: CHANNEL,
  SharedArrayBuffer: 'use an ArrayBuffer',
  WeakRef: MISSING_GLOBALS.WeakRef,
  FinalizationRegistry: MISSING_GLOBALS.FinalizationRegistry,
};
const OBJECTS: Record<string, string> = {
  process: 'a board has no process, and runs until its power is gone',
  performance: NOW,
  crypto: 'use hal.crypto, and hal.random',
  Atomics: 'a board has one thread',
  navigator: 'use config',
  Intl: MISSING_GLOBALS.Intl,
};

/** Where the code that is running now was called from in the app's own source. */
export type Caller = () => string;

/**
 * `process.env`: libraries look for NODE_ENV as soon as they are loaded, and find it as empty as on a board.
 */
const ENVIRONMENT: object = Object.freeze({});

const noted = new Set<string>();

/** What was refused since the last call, as `file:line:column: message`; each place once. */
export function takeRefusals(): string[] {
  const refusals = [...noted];
  noted.clear();
  return refusals;
}

/** @param caller for the message */
export function refuse(what: string, instead: string, caller: Caller): never {
  const message = `${what} is outside the HAL: ${instead}`;
  if (noted.size < REFUSALS_MAX) noted.add(`${caller()}: ${message}`);
  throw new Error(message);
}

/** The names that mean something else in an app's own modules on every board alike, and what. */
export function guards(caller: Caller): Record<string, unknown> {
  const guarded: Record<string, unknown> = {
    // The native one throws what it catches at the process.
    queueMicrotask: (task: () => void) => void Promise.resolve().then(task),
  };
  for (const [name, instead] of Object.entries(FUNCTIONS)) guarded[name] = guard(name, instead, () => {}, caller);
  for (const [name, instead] of Object.entries(OBJECTS)) guarded[name] = guard(name, instead, {}, caller);
  return guarded;
}

/** Any use of it is refused, and named by the property if there is one. */
function guard(name: string, instead: string, target: object, caller: Caller): unknown {
  const refused = () => refuse(name, instead, caller);
  return new Proxy(target, {
    apply: refused,
    construct: refused,
    set: refused,
    get(_, key) {
      if (name === 'process' && key === 'env') return ENVIRONMENT;
      return refuse(typeof key === 'string' ? `${name}.${key}` : name, instead, caller);
    },
  });
}

/**
 * A board's global object: what its names mean, and what an app puts into it. @param meanings of the names
 * that mean something else than on the computer
 */
export function globalObject(meanings: Readonly<Record<string, unknown>>): object {
  const own: Record<PropertyKey, unknown> = Object.create(null);
  return new Proxy(own, {
    get: (_, key) => (key in own ? own[key] : Object.hasOwn(meanings, key) ? meanings[key as string] : Reflect.get(globalThis, key)),
    has: (_, key) => key in own || key in globalThis,
  });
}
