/** Ways to break what passes through a socket: see index.ts. */
import type { Socket } from '../../index.ts';
import { type Defects, handlers, socket } from '../damage.ts';
import { utf8 } from './common.ts';

const swapReads = handlers(({ onData }) => {
  let held = '';
  return {
    onData: (bytes) => {
      if (held !== '') onData(bytes + held);
      held = held === '' ? bytes : '';
    },
  };
});

export const streamDefects: Defects = {
  'all 256 byte values pass unchanged in both directions, and no read is empty': {
    'writes are taken for text': socket(({ write }) => ({ write: (bytes) => write(utf8(bytes)) })),
    'reads lose the high bit': handlers(({ onData }) => ({ onData: (bytes) => onData(bytes.replace(/[\x80-\xff]/g, '?')) })),
    'a read is empty': handlers(({ onData }) => ({
      onData: (bytes) => {
        onData('');
        onData(bytes);
      },
    })),
  },
  'many small writes arrive in order': { 'reads are swapped': swapReads },
  'what is written before onConnect is sent first': {
    'early writes are dropped': socket(({ write }, { clock }) => {
      let early = true;
      clock.setTimeout(() => {
        early = false;
      }, 1);
      return { write: (bytes) => !early && write(bytes) };
    }),
  },
  'a write of 64 KiB is never refused and arrives whole': {
    'what exceeds the send buffer is lost': socket(({ write }) => ({ write: (bytes) => write(bytes.slice(0, 5744)) })),
  },
  'a writer that stops when write says false and goes on at onDrain gets everything across': {
    'onDrain never comes': handlers(() => ({ onDrain: () => {} })),
    'write never says false': socket(({ write }) => ({ write: (bytes) => write(bytes) || true })),
  },
  '64 KiB from the peer arrive whole and in order': { 'reads are swapped': swapReads },
  'what is written after end is ignored': {
    'end takes its time': socket(({ end }, { clock }) => ({ end: () => void clock.setTimeout(end, 5) })),
  },
  'what is written after destroy is ignored': { 'destroy only pauses': socket(({ pause }) => ({ destroy: pause })) },
  'what comes during a short pause is there after it, in order': {
    'resume does nothing': socket(() => ({ resume: () => {} })),
    'pause gives the socket up': socket(({ destroy }) => ({ pause: destroy })),
  },
  'a paused socket stops reading and loses nothing': {
    'pause does nothing': socket(() => ({ pause: () => {} })),
    'resume does nothing': socket(() => ({ resume: () => {} })),
  },
  'several sockets do not mix their bytes': {
    'the first socket gets all writes': (rig) => {
      let first: Socket | undefined;
      socket((sound) => {
        first ??= sound;
        return { write: first.write };
      })(rig);
    },
  },
};
