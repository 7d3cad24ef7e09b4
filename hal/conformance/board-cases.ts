/** The small capabilities: random.ts, crypto.ts, gpio.ts, storage.ts, log.ts and system.ts. */
import { check, eventually, quiet, same } from './expect.ts';
import { type ConformanceCase, RIG_FILES } from './rig.ts';

const ALL_BYTES = RIG_FILES['bytes.bin'];

/**
 * RFC 3174 section 7.3 (but the million of a's, too long for a board), the empty message, and every byte
 * value. Digests in hexadecimal.
 */
const SHA1_VECTORS: readonly [message: string, digest: string][] = [
  ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
  ['0123456701234567012345670123456701234567012345670123456701234567'.repeat(10), 'dea356a2cddd90c7a7ecedc5ebb563934f460452'],
  [ALL_BYTES, '4916d6bdb7f78e6803698cab32d1586ea457dfc8'],
];

/** RFC 4648 section 10, and bytes that need both special characters. */
const BASE64_VECTORS: readonly [bytes: string, text: string][] = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
  ['\xfb\xef\xbe\xff\x00', '++++/wA='],
];

const DRAWS = 2000;

export const BOARD_CASES: readonly ConformanceCase[] = [
  {
    name: 'random numbers are integers of 32 bits, and every bit is used',
    async run({ hal }) {
      let anyOnes = 0;
      let anyZeros = 0;
      let sum = 0;
      for (let i = 0; i < DRAWS; i++) {
        const value = hal.random.uint32();
        check(value >>> 0 === value, `drew ${value}`);
        anyOnes |= value;
        anyZeros |= ~value;
        sum += value / 2 ** 32;
      }
      same(anyOnes >>> 0, 0xffffffff, 'bits that were ever 1');
      same(anyZeros >>> 0, 0xffffffff, 'bits that were ever 0');
      // Six standard deviations of a uniform mean: a sound generator fails once in 500 million runs.
      check(Math.abs(sum / DRAWS - 0.5) < 6 * Math.sqrt(1 / 12 / DRAWS), `mean ${sum / DRAWS}, not 0.5`);
    },
  },
  {
    name: 'different seeds give different numbers',
    async run({ hal }) {
      const series = [0, 1, 0x80000000, 0xffffffff].map((seed) => {
        hal.random.seed(seed);
        return Array.from({ length: 4 }, () => hal.random.uint32()).join();
      });
      same(new Set(series).size, series.length, 'different series');
    },
  },
  {
    name: 'sha1 gives the digests of RFC 3174',
    async run({ hal }) {
      for (const [message, digest] of SHA1_VECTORS) same(toHex(hal.crypto.sha1(message)), digest, `sha1 of ${message.length} bytes`);
    },
  },
  {
    name: 'base64 gives the texts of RFC 4648',
    async run({ hal }) {
      for (const [bytes, text] of BASE64_VECTORS) same(hal.crypto.base64(bytes), text, `base64 of ${bytes.length} bytes`);
    },
  },
  {
    name: 'the accept value of RFC 6455 section 1.3 comes out right',
    async run({ hal }) {
      const accept = hal.crypto.base64(hal.crypto.sha1('dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11'));
      same(accept, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', 'accept value');
    },
  },
  {
    name: 'a pin reads the level it was driven to, and no other pin changes',
    async run({ hal, pins: [a, b] }) {
      for (const [levelA, levelB] of [
        [1, 0],
        [0, 1],
        [1, 1],
        [0, 0],
      ] as const) {
        hal.gpio.write(a, levelA);
        hal.gpio.write(b, levelB);
        same(hal.gpio.read(a), levelA, `pin ${a}`);
        same(hal.gpio.read(b), levelB, `pin ${b}`);
      }
    },
  },
  {
    name: 'storage gives back every byte of a file, again and again',
    async run({ hal }) {
      for (const [name, bytes] of [...Object.entries(RIG_FILES), ...Object.entries(RIG_FILES)]) same(hal.storage.read(name), bytes, name);
    },
  },
  {
    name: 'storage says null for a file that does not exist',
    async run({ hal }) {
      same(hal.storage.read('no-such-file'), null, 'missing file');
    },
  },
  {
    name: 'the log takes lines and events of any content',
    async run({ hal }) {
      for (const text of ['', 'a line', ALL_BYTES, '%s %d %j']) {
        hal.log.line(text);
        hal.log.event('channel.state', text, text, -1.5);
      }
    },
  },
  {
    name: 'the unique id is a MAC address and stays the same',
    async run({ hal }) {
      const id = hal.system.uniqueId();
      // Not in one expression: Espruino's have no {12}.
      check(id.length === 12 && /^[0-9a-f]+$/.test(id), `unique id ${JSON.stringify(id)}, not 12 lower-case hexadecimal digits`);
      same(hal.system.uniqueId(), id, 'the second answer');
    },
  },
  {
    name: 'the wish to stop reaches the last handler, once',
    needs: 'stop',
    async run(rig) {
      const calls: string[] = [];
      rig.hal.system.onStop(() => calls.push('replaced'));
      rig.hal.system.onStop(() => calls.push('last'));
      rig.stop?.();
      await eventually(rig, () => calls.length > 0, 'the stop handler runs');
      await quiet(rig);
      same(calls.join(), 'last', 'handlers that ran');
    },
  },
];

function toHex(bytes: string): string {
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
