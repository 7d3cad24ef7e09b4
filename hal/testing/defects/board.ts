/** Ways to break random numbers, digests, pins, storage, log and the board itself: see index.ts. */
import type { Level } from '../../index.ts';
import { capability, type Defects } from '../damage.ts';
import { utf8 } from './common.ts';

export const boardDefects: Defects = {
  'random numbers are integers of 32 bits, and every bit is used': {
    fractions: capability('random', ({ uint32 }) => ({ uint32: () => uint32() / 2 })),
    '31 bits': capability('random', ({ uint32 }) => ({ uint32: () => uint32() >>> 1 })),
    'large numbers are preferred': capability('random', ({ uint32 }) => ({ uint32: () => Math.max(uint32(), uint32()) })),
  },
  'different seeds give different numbers': {
    'the seed is forgotten': capability('random', () => {
      let state = 0;
      return {
        uint32: () => state++,
        seed: () => {
          state = 0;
        },
      };
    }),
  },
  'sha1 gives the digests of RFC 3174': {
    'bytes are taken for text': capability('crypto', ({ sha1 }) => ({ sha1: (bytes) => sha1(utf8(bytes)) })),
  },
  'base64 gives the texts of RFC 4648': {
    'no padding': capability('crypto', ({ base64 }) => ({ base64: (bytes) => base64(bytes).replaceAll('=', '') })),
  },
  'the accept value of RFC 6455 section 1.3 comes out right': {
    'the alphabet for URLs': capability('crypto', ({ base64 }) => ({ base64: (bytes) => base64(bytes).replaceAll('+', '-') })),
  },
  'a pin reads the level it was driven to, and no other pin changes': {
    'all pins are one': capability('gpio', () => {
      let all: Level = 0;
      return {
        read: () => all,
        write: (_pin, level) => {
          all = level;
        },
      };
    }),
  },
  'storage gives back every byte of a file, again and again': {
    'the high bit is lost': capability('storage', ({ read }) => ({ read: (name) => read(name)?.replace(/[\x80-\xff]/g, '?') ?? null })),
    'a file can be read once': capability('storage', ({ read }) => {
      const seen = new Set<string>();
      return { read: (name) => (seen.has(name) ? null : seen.add(name) && read(name)) };
    }),
  },
  'storage says null for a file that does not exist': {
    'an empty file': capability('storage', ({ read }) => ({ read: (name) => read(name) ?? '' })),
  },
  'the log takes lines and events of any content': {
    'an empty line is refused': capability('log', () => ({
      line: (text) => {
        if (text === '') throw new Error('nothing to log');
      },
    })),
  },
  'the unique id is a MAC address and stays the same': {
    colons: capability('system', () => ({ uniqueId: () => '24:a1:60:12:34:56' })),
    'another one each time': capability('system', (_system, { random }) => ({
      uniqueId: () => random.uint32().toString(16).padStart(12, '0'),
    })),
  },
  'the wish to stop reaches the last handler, once': {
    'all handlers are called': capability('system', ({ onStop }) => {
      let all = () => {};
      return {
        onStop: (handler) => {
          const before = all;
          all = () => {
            before();
            handler();
          };
          onStop(all);
        },
      };
    }),
  },
};
