/** Ways to break writing to flash: see index.ts. */
import { capability, type Defects } from '../damage.ts';
import { utf8 } from './common.ts';

export const storageDefects: Defects = {
  'storage gives back what was written, again and again, in place of what was there': {
    'bytes are taken for text': capability('storage', ({ write }) => ({ write: (name, bytes) => write(name, utf8(bytes)) })),
    'a shorter file keeps the end of the longer': capability('storage', ({ read, write }) => ({
      write: (name, bytes) => write(name, bytes + (read(name) ?? '').slice(bytes.length)),
    })),
    'all files are one': capability('storage', ({ read, write }) => ({
      read: () => read('one'),
      write: (_name, bytes) => write('one', bytes),
    })),
    'it does not say so': capability('storage', ({ write }) => ({ write: (name, bytes) => !write(name, bytes) })),
  },
  'storage lists the files that were written, in order, and none that was erased': {
    'in the order of writing': capability('storage', ({ write, list, read }) => {
      const names: string[] = [];
      return {
        write: (name, bytes) => {
          names.push(name);
          return write(name, bytes);
        },
        list: () => [...list().filter((name) => !names.includes(name)), ...names.filter((name) => read(name) !== null)],
      };
    }),
    'erased files too': capability('storage', ({ write, list }) => {
      const names = new Set(list());
      return { write: (name, bytes) => write(name, bytes) && names.add(name) !== undefined, list: () => [...names].sort() };
    }),
    'it erases what begins alike': capability('storage', ({ erase }) => ({
      erase: (name) => {
        erase(name);
        if (name === 'b') erase('C');
      },
    })),
  },
  'storage refuses names and sizes that no board has': {
    'names are cut': capability('storage', ({ write }) => ({ write: (name, bytes) => write(name.slice(0, 28), bytes) })),
    'an empty file is none': capability('storage', ({ write }) => ({ write: (name, bytes) => bytes === '' || write(name, bytes) })),
    'paths lead somewhere': capability('storage', ({ erase }) => ({ erase: (name) => erase(name.replace(/[^a-z]/g, 'x')) })),
  },
  'what was written is there after a reset': {
    'it is in memory': capability('storage', ({ read, write }, { system }) => {
      const written: Record<string, string> = {};
      return {
        write: (name, bytes) => {
          written[name] = bytes;
          return bytes !== '' || write(name, bytes);
        },
        read: (name) => (system.resetReason() === 'power_on' ? (written[name] ?? read(name)) : read(name)),
      };
    }),
    'erasing is undone': capability('storage', ({ read }, { system }) => ({
      read: (name) => read(name) ?? (system.resetReason() === 'restart' ? 'x' : null),
    })),
  },
};
