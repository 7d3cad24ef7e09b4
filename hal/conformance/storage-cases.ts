/** Writing of storage.ts. What a loss of power leaves is each backend's own test: nobody here can cut it. */
import { check, eventually, refusal, same } from './expect.ts';
import { type ConformanceCase, RIG_FILES } from './rig.ts';

const ALL_BYTES = RIG_FILES['bytes.bin'];
const LONGEST_NAME = 'A-name~of_28.characters!.bin';

export const STORAGE_CASES: readonly ConformanceCase[] = [
  {
    name: 'storage gives back what was written, again and again, in place of what was there',
    async run({ hal: { storage } }) {
      for (const bytes of ['first', ALL_BYTES, 'x', ALL_BYTES.repeat(8), 'x']) {
        same(storage.write(LONGEST_NAME, bytes), true, `the write of ${bytes.length} bytes`);
        same(storage.read(LONGEST_NAME), bytes, 'the file');
      }
      same(storage.write('another', 'other bytes'), true, 'the write of another file');
      same(storage.read(LONGEST_NAME), 'x', 'the first file afterwards');
      storage.erase(LONGEST_NAME);
      storage.erase('another');
    },
  },
  {
    name: 'storage lists the files that were written, in order, and none that was erased',
    async run({ hal: { storage } }) {
      const before = storage.list();
      for (const name of ['b', 'C', 'a.txt']) same(storage.write(name, `in ${name}`), true, `the write of ${name}`);
      same(storage.list().join(), before.concat('b', 'C', 'a.txt').sort().join(), 'the list');
      storage.erase('b');
      storage.erase('no-such-file');
      same(storage.read('b'), null, 'the erased file');
      same(storage.list().join(), before.concat('C', 'a.txt').sort().join(), 'the list afterwards');
      same(storage.read('C'), 'in C', 'a file beside the erased one');
      storage.erase('C');
      storage.erase('a.txt');
    },
  },
  {
    name: 'storage refuses names and sizes that no board has',
    async run({ hal: { storage } }) {
      const names = ['', 'A-name~of_29.characters!!.bin', '.hidden', 'a/b', 'a\\b', 'a b', 'a\x00', '\xfc'];
      for (const name of names)
        check(refusal(() => storage.write(name, 'x')).indexOf(': expected ') > 0, `the name ${JSON.stringify(name)} was taken`);
      check(refusal(() => storage.erase('../x')).indexOf(': expected ') > 0, 'a path was erased');
      check(refusal(() => storage.write('empty', '')).indexOf(': expected ') > 0, 'an empty file was taken');
      check(refusal(() => storage.write('big', 'x'.repeat(65_537))).indexOf(': expected ') > 0, 'a file of 65,537 bytes was taken');
      same(storage.read('empty'), null, 'the empty file');
    },
  },
  {
    name: 'what was written is there after a reset',
    needs: 'boots',
    async run(rig) {
      const boots = rig.boots ?? 0;
      const { clock, storage, system } = rig.hal;
      clock.setTimeout(() => {
        storage.write('kept', ALL_BYTES);
        storage.erase('bytes.bin');
        system.restart('a test');
      }, 1);
      await eventually(rig, () => rig.boots === boots + 1, 'the board boots');
      same(rig.hal.storage.read('kept'), ALL_BYTES, 'the file');
      same(rig.hal.storage.read('bytes.bin'), null, 'the erased file');
    },
  },
];
