/**
 * What Espruino 2v29 does not have, by name, with what to write instead. Read off its source
 * (`src/jswrap_*.c`, `src/jslex.c`) and tried on its Linux port. Lists only what an author of TypeScript is
 * likely to reach for.
 */

const LOOP = 'write a loop';
const BY_HAND = 'compute it by hand';
const LITERAL = 'write an array literal, or new Uint8Array([…])';

/** The same for each of `names`, which are separated by blanks. */
function each(names: string, instead: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, instead]));
}

const TYPED_ARRAYS = 'Uint8Array Int8Array Uint8ClampedArray Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array';

/** Globals. */
export const MISSING_GLOBALS: Record<string, string> = {
  Map: 'use an object with string keys',
  Set: 'use an object with string keys, or an array and indexOf',
  WeakMap: 'keep the value in a field of the object',
  WeakSet: 'keep a flag in a field of the object',
  WeakRef: 'keep a reference and clear it',
  FinalizationRegistry: 'free things yourself',
  Symbol: 'use a string key',
  Proxy: 'write the methods out',
  Reflect: 'use the operator or Object.keys',
  BigInt: 'use two numbers of 32 bits',
  Intl: 'format by hand',
  TextEncoder: 'use utf8Encode of firmware/websocket/utf8',
  TextDecoder: 'pass the UTF-8 bytes on as they are',
  queueMicrotask: 'use hal.clock.setTimeout with 0',
  setImmediate: 'use hal.clock.setTimeout with 0',
  structuredClone: 'copy the fields you need',
  performance: 'use hal.clock.now()',
  fetch: 'use hal.net',
  WebSocket: 'use createChannel of firmware/channel',
  URL: 'use parseServerUrl of firmware/server-url',
  URLSearchParams: 'take the text apart with indexOf',
  Buffer: 'use a binary string, one character per byte',
  clearImmediate: 'use hal.clock.clearTimeout',
  ...each('escape encodeURI', 'use encodeURIComponent'),
  ...each('unescape decodeURI', 'use decodeURIComponent'),
  ...each('RangeError EvalError URIError AggregateError DOMException', 'throw an Error'),
  ...each('BigInt64Array BigUint64Array', 'use Uint32Array, two elements for one'),
  ...each('SharedArrayBuffer Atomics', 'use ArrayBuffer; there is one thread'),
  ...each('AbortController AbortSignal', 'keep a flag'),
  ...each('Event EventTarget CustomEvent MessageChannel MessagePort MessageEvent BroadcastChannel', 'call a function'),
  ...each('Blob File FormData Headers Request Response', 'use hal.net'),
  ...each('ReadableStream WritableStream TransformStream TextEncoderStream TextDecoderStream', 'take bytes as they come'),
  ...each('CompressionStream DecompressionStream WebAssembly', 'do it on the computer'),
  ...each('crypto Crypto CryptoKey SubtleCrypto', 'use hal.crypto, and hal.random for chance'),
};

/** What a computer's programs have all around them, and an app asks its `hal` for. */
export const OFF_BOARD: Record<string, string> = {
  ...each('setTimeout setInterval', 'use hal.clock.setTimeout, again and again for an interval'),
  ...each('clearTimeout clearInterval', 'use hal.clock.clearTimeout'),
  process: 'use hal.system',
  require: 'use hal, or import a file of your own',
  ...each('window document navigator location localStorage', 'there is no browser'),
  ...each('module exports __dirname __filename', 'use import and export'),
  ...each('print E', 'use hal.log.line'),
  ...each('digitalWrite digitalRead analogWrite analogRead pinMode setWatch', 'use hal.gpio'),
};

/** Static members, by the global that lacks them. */
export const MISSING_STATICS: Record<string, Record<string, string>> = {
  Math: {
    trunc: 'use x < 0 ? Math.ceil(x) : Math.floor(x), or x | 0 within 32 bits',
    imul: 'multiply in two halves of 16 bits',
    clz32: LOOP,
    fround: BY_HAND,
    hypot: 'use Math.sqrt of the squares',
    cbrt: 'use Math.pow(x, 1 / 3)',
    log2: 'use Math.log(x) / Math.LN2',
    log10: 'use Math.log(x) / Math.LN10',
    log1p: 'use Math.log(1 + x)',
    expm1: 'use Math.exp(x) - 1',
    sinh: BY_HAND,
    cosh: BY_HAND,
    tanh: BY_HAND,
    asinh: BY_HAND,
    acosh: BY_HAND,
    atanh: BY_HAND,
  },
  Number: {
    isInteger: 'use Math.floor(x) === x',
    isSafeInteger: 'use Math.floor(x) === x and compare with a limit',
    isFinite: 'use the global isFinite',
    isNaN: 'use the global isNaN',
    parseFloat: 'use the global parseFloat',
    parseInt: 'use the global parseInt',
    EPSILON: 'write the number',
    MAX_SAFE_INTEGER: 'write the number',
    MIN_SAFE_INTEGER: 'write the number',
  },
  Array: { from: LOOP, of: 'write an array literal' },
  Object: {
    freeze: 'leave it out; declare the type readonly',
    isFrozen: 'leave it out',
    seal: 'leave it out',
    isSealed: 'leave it out',
    preventExtensions: 'leave it out',
    isExtensible: 'leave it out',
    is: 'use ===, and isNaN',
    hasOwn: 'use x.hasOwnProperty(key)',
    groupBy: LOOP,
    getOwnPropertySymbols: 'use Object.keys',
  },
  Promise: {
    race: 'use callbacks and hal.clock.setTimeout',
    allSettled: 'use callbacks and a counter',
    any: 'use callbacks and a counter',
    withResolvers: 'use callbacks',
  },
  String: { raw: 'write an ordinary literal', fromCodePoint: 'use utf8Encode of firmware/websocket/utf8' },
  Date: { UTC: BY_HAND },
  Error: each('captureStackTrace prepareStackTrace stackTraceLimit', 'read the stack of an error that was thrown'),
  RegExp: each('input lastMatch lastParen leftContext rightContext', 'use the result of exec'),
  ArrayBuffer: { isView: 'use instanceof' },
  ...Object.fromEntries(
    TYPED_ARRAYS.split(' ').map((name) => [name, { from: LITERAL, of: LITERAL, BYTES_PER_ELEMENT: 'write the number' }]),
  ),
};

/** Methods that no object of Espruino has. */
export const MISSING_METHODS: Record<string, string> = {
  flat: 'use concat in a loop',
  flatMap: 'use concat in a loop',
  at: 'use [x.length - 1]',
  copyWithin: LOOP,
  findLast: 'loop from the end',
  findLastIndex: 'loop from the end',
  reduceRight: 'loop from the end',
  toSorted: 'use slice().sort()',
  toReversed: 'use slice().reverse()',
  toSpliced: 'use slice() and splice()',
  codePointAt: 'use charCodeAt',
  normalize: 'normalize on the computer',
  localeCompare: 'compare with < and >',
  toLocaleString: 'format by hand',
  matchAll: 'loop over exec',
  search: 'use indexOf, or match',
  trimStart: 'use trim, or substring',
  trimEnd: 'use trim, or substring',
  toPrecision: 'use toFixed',
  toExponential: 'use toFixed',
  ...each('keys values entries', 'loop over the index'),
  with: 'copy with slice() and assign',
  trimLeft: 'use trim, or substring',
  trimRight: 'use trim, or substring',
  toLocaleLowerCase: 'use toLowerCase',
  toLocaleUpperCase: 'use toUpperCase',
  ...each('isWellFormed toWellFormed', 'use Utf8Validator of firmware/websocket/utf8'),
  ...each('toDateString toTimeString toLocaleDateString toLocaleTimeString toGMTString', 'format by hand'),
  ...each('setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds', 'make a new Date'),
  ...each('getBigInt64 getBigUint64 setBigInt64 setBigUint64', 'use two numbers of 32 bits'),
  ...each('__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__', 'use Object.defineProperty'),
  propertyIsEnumerable: 'use hasOwnProperty',
  isPrototypeOf: 'use instanceof',
  finally: 'use then with two handlers',
};

/** Words of Espruino's lexer: a class method of this name does not parse. */
export const RESERVED_WORDS: string[] = (
  'break case catch class const continue debugger default delete do else extends false finally for function if in instanceof let new null of ' +
  'return static super switch this throw true try typeof undefined var void while'
).split(' ');

export const TYPED_ARRAY_CLASSES: string[] = TYPED_ARRAYS.split(' ');

/** Built-in classes that cannot be extended. */
export const BUILT_IN_CLASSES: string[] = [
  ...'Array Function String Number Boolean Date RegExp Promise'.split(' '),
  ...'Error TypeError SyntaxError ReferenceError RangeError ArrayBuffer DataView'.split(' '),
  ...TYPED_ARRAY_CLASSES,
];
