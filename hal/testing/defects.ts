/** Ways to break a backend, most of them met on real platforms; each must make the conformance case that it stands under fail. */
import type { Level, Socket } from '../index.ts';
import { capability, type Damage, handlers, socket } from './damage.ts';

const closeTwice = handlers(({ onClose }) => ({
  onClose: (error) => {
    onClose(error);
    onClose(error);
  },
}));
const nameless = handlers(({ onClose }) => ({ onClose: (error) => onClose(error && { kind: 'other', message: '' }) }));
const destroyOnlyEnds = socket(({ end }) => ({ destroy: end }));
const connectThrows = capability('net', () => ({
  connect: () => {
    throw new Error('Unable to create socket');
  },
}));
const swapReads = handlers(({ onData }) => {
  let held = '';
  return {
    onData: (bytes) => {
      if (held !== '') onData(bytes + held);
      held = held === '' ? bytes : '';
    },
  };
});
const utf8 = (bytes: string) => Buffer.from(bytes).toString('latin1');

/** By the name of the case, by what is wrong. */
export const DEFECTS: Readonly<Record<string, Readonly<Record<string, Damage>>>> = {
  'the clock advances and never goes back': {
    'it stands still': capability('clock', () => ({ now: () => 5 })),
    'it steps back': capability('clock', ({ now }) => ({ now: () => now() - (now() % 10 > 5 ? 20 : 0) })),
  },
  'a timer runs once and not before its delay': {
    'it runs early': capability('clock', ({ setTimeout }) => ({ setTimeout: (run, delayMs) => setTimeout(run, delayMs / 2) })),
    'it runs twice': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => {
        setTimeout(run, delayMs + 1);
        return setTimeout(run, delayMs);
      },
    })),
  },
  'a timer never runs within the call that sets it, inside a timer or outside': {
    'a delay of 0 runs at once': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => {
        if (delayMs > 0) return setTimeout(run, delayMs);
        run();
        return 1;
      },
    })),
  },
  'timers that are due at the same time run in the order they were set': {
    'the last one set runs first': capability('clock', ({ setTimeout }) => {
      let set = 0;
      return { setTimeout: (run, delayMs) => setTimeout(run, delayMs + 1 - set++ / 1000) };
    }),
  },
  'a timer that is due earlier runs first, whenever it was set': {
    'delays do not matter': capability('clock', ({ setTimeout }) => ({ setTimeout: (run) => setTimeout(run, 10) })),
  },
  'a cleared timer does not run, even when it was already due': {
    'clearing does nothing': capability('clock', () => ({ clearTimeout: () => {} })),
  },
  'clearing 0 or a timer that has run touches no other timer': {
    'clearing 0 clears all': capability('clock', ({ setTimeout, clearTimeout }) => {
      const ids: number[] = [];
      return {
        setTimeout: (run, delayMs) => ids[ids.push(setTimeout(run, delayMs)) - 1],
        clearTimeout: (timer) => (timer === 0 ? ids.forEach(clearTimeout) : clearTimeout(timer)),
      };
    }),
  },
  'pending timers have ids of their own, at least 1': {
    'ids start at 0': capability('clock', ({ setTimeout }) => ({ setTimeout: (run, delayMs) => setTimeout(run, delayMs) - 1 })),
    'all ids are the same': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => Math.min(1, setTimeout(run, delayMs)),
    })),
  },
  'the longest delay does not run at once': {
    'long delays overflow': capability('clock', ({ setTimeout }) => ({
      setTimeout: (run, delayMs) => setTimeout(run, delayMs % 2_147_483_647),
    })),
  },
  'the calendar goes on at the pace of the clock': {
    'it stands still': capability('wallClock', () => ({ now: () => 5 })),
    'it counts seconds': capability('wallClock', ({ now }) => ({ now: () => now() / 1000 })),
  },
  'the calendar reads the dates of HTTP, and knows what is none': {
    'it reads none': capability('wallClock', () => ({ parse: () => 0 })),
    'it reads numbers': capability('wallClock', () => ({ parse: (date) => Date.parse(date) || 0 })),
    'it says that it cannot': capability('wallClock', () => ({ parse: (date) => Date.parse(/\d{4}/.test(date) ? date : '') })),
    'it reads local time': capability('wallClock', ({ parse }) => ({ parse: (date) => parse(date) && parse(date) - 3_600_000 })),
    'it knows no leap day': capability('wallClock', ({ parse }) => ({
      parse: (date) => parse(date) - (date.includes('Mar 2024') ? 86_400_000 : 0),
    })),
  },
  'a time server is asked without a callback from within, and calls back at most once': {
    'from within': capability('wallClock', () => ({ synchronize: (_server, done) => done(null) })),
    'it tells twice': capability('wallClock', ({ synchronize }) => ({
      synchronize: (server, done) => {
        synchronize(server, done);
        synchronize(server, done);
      },
    })),
  },
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
  'a join tells its caller once, and the station is connected then': {
    'it tells twice': capability('wifi', ({ connect }) => ({
      connect: (ssid, password, done) =>
        connect(ssid, password, (failure) => {
          done(failure);
          done(failure);
        }),
    })),
    'it tells before it is true': capability('wifi', () => ({ isConnected: () => false })),
  },
  'a second join abandons the first': {
    'both are told': capability('wifi', (_wifi, { clock }) => ({
      connect: (_ssid, _password, done) => void clock.setTimeout(() => done(null), 5),
    })),
  },
  'a joined board that joins again has left, and its sockets have ended': {
    'it stays': capability('wifi', ({ connect, isConnected }, { clock }) => ({
      connect: (ssid, password, done) => {
        if (isConnected()) clock.setTimeout(() => done(null), 5);
        else connect(ssid, password, done);
      },
    })),
    'its sockets are forgotten': handlers(() => ({ onClose: () => {} })),
  },
  'the loss of Wi-Fi reaches the last handler, once': {
    'all handlers are called': capability('wifi', ({ onDisconnected }) => {
      let all = (_reason: string) => {};
      return {
        onDisconnected: (handler) => {
          const before = all;
          all = (reason) => {
            before(reason);
            handler(reason);
          };
          onDisconnected(all);
        },
      };
    }),
    'still connected afterwards': capability('wifi', () => ({ isConnected: () => true })),
  },
  'the loss of Wi-Fi ends every socket with one onClose': {
    'sockets are forgotten': handlers(() => ({ onClose: () => {} })),
    'each is told twice': closeTwice,
  },
  'a connect without Wi-Fi fails through onClose, later and without an exception': {
    'an exception': connectThrows,
    'no error': handlers(({ onClose }) => ({ onClose: () => onClose(null) })),
  },
  'connect calls no handler from within, then onConnect once and first': {
    'from within': capability('net', ({ connect }) => ({
      connect: (host, port, given) => {
        given.onConnect();
        return connect(host, port, given);
      },
    })),
    'onConnect comes twice': handlers(({ onConnect }) => ({
      onConnect: () => {
        onConnect();
        onConnect();
      },
    })),
  },
  'a refused connect ends with one onClose and nothing else, without an exception': {
    'an exception': connectThrows,
    'onClose comes twice': closeTwice,
    'no error': handlers(({ onClose }) => ({ onClose: () => onClose(null) })),
  },
  'an unknown host ends with one onClose and nothing else, without an exception': {
    'an exception': connectThrows,
    'onConnect comes first': handlers(({ onConnect, onClose }) => ({
      onClose: (error) => {
        onConnect();
        onClose(error);
      },
    })),
  },
  'a refused connect says refused, an unknown host says dns': { 'all errors are other': nameless },
  'a connect that nobody answers can be given up in silence': {
    'it gives up at once': capability('net', ({ connect }, { clock }) => ({
      connect: (host, port, given) => {
        clock.setTimeout(() => given.onClose({ kind: 'timeout', message: '' }), 10);
        return connect(host, port, given);
      },
    })),
  },
  'a FIN of the peer gives onClose(null) once and last, after all data, and the peer sees the end': {
    'a FIN is an error': handlers(({ onClose }) => ({ onClose: () => onClose({ kind: 'other', message: '' }) })),
    'the last read is lost': handlers(({ onData }) => ({ onData: (bytes) => (bytes.length < 1440 ? undefined : onData(bytes)) })),
    'the last read comes after the end': handlers(({ onData, onClose }) => ({
      onClose: (error) => {
        onClose(error);
        onData('');
      },
    })),
  },
  'end sends FIN after everything written, and gives onClose(null) once and last when the peer has ended too': {
    'end destroys': socket(({ destroy }) => ({ end: destroy })),
    'end does nothing': socket(() => ({ end: () => {} })),
    'onClose comes twice': closeTwice,
  },
  'after end, onClose(null) waits for the peer, whose data still arrives': {
    'end destroys': socket(({ destroy }) => ({ end: destroy })),
    'end stops the reading': socket(({ end, pause }) => ({
      end: () => {
        end();
        pause();
      },
    })),
  },
  'a reset by the peer gives onClose once and last': { 'onClose comes twice': closeTwice },
  'a reset by the peer says reset': { 'all errors are other': nameless },
  'a closed socket takes every call in silence': {
    'end throws': socket(() => ({
      end: () => {
        throw new Error('socket is closed');
      },
    })),
  },
  'destroy right after connect means silence': { 'destroy only ends': destroyOnlyEnds },
  'destroy within onConnect means silence': { 'destroy only ends': destroyOnlyEnds },
  'destroy within onData means silence, with more data and a FIN on the way': { 'destroy only ends': destroyOnlyEnds },
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
