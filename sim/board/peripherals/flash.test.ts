/** Flash under power that goes at any moment: properties, on a CPU that only counts time. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cpu } from '../cpu.ts';
import { ESP32_FLASH } from '../profiles/esp32.ts';
import { Flash, type FlashParts } from './flash.ts';

const SECTORS = 224;
const NAMES = ['a', 'b', 'c'] as const;

function bench(parts: Partial<FlashParts> = {}) {
  const time = { nowUs: 0, busyUntilUs: 0 };
  const said: string[] = [];
  const cpu = {
    charge: (us: number) => {
      time.busyUntilUs = Math.max(time.busyUntilUs, time.nowUs) + us;
    },
    get freeAtUs() {
      return Math.max(time.busyUntilUs, time.nowUs);
    },
  } as Cpu;
  const flash = new Flash({
    files: () => new Map([['a', 'delivered']]),
    costs: ESP32_FLASH,
    nowUs: () => time.nowUs,
    cpu,
    say: (event, subject, detail, value) => said.push([event, subject, detail, value].join(' ')),
    fails: () => false,
    ...parts,
  });
  return { flash, time, said };
}

const write = fc.record({
  name: fc.constantFrom(...NAMES),
  bytes: fc.string({ minLength: 1, maxLength: 9_000 }),
  waitsUs: fc.nat(200_000),
});

it('a loss of power leaves each file as it was before the write that it cut, or after it', () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 12 }), fc.nat(150_000), (writes, cutAfterUs) => {
      const { flash, time } = bench();
      /** What each file was after the last write that was certainly over, and since then. */
      const allowed = new Map<string, (string | null)[]>([
        ['a', ['delivered']],
        ['b', [null]],
        ['c', [null]],
      ]);
      for (const { name, bytes, waitsUs } of writes) {
        flash.write(name, bytes);
        allowed.get(name)?.push(bytes);
        expect(flash.read(name)).toBe(bytes);
        const endUs = Math.max(time.busyUntilUs, time.nowUs);
        time.nowUs += waitsUs;
        if (time.nowUs >= endUs) for (const name of NAMES) allowed.set(name, [flash.read(name)]);
      }
      time.nowUs += cutAfterUs;
      const over = time.nowUs >= time.busyUntilUs;
      const before = NAMES.map((name) => flash.read(name));
      flash.cut(time.nowUs);
      for (const name of NAMES) expect(allowed.get(name)).toContain(flash.read(name));
      if (over) expect(NAMES.map((name) => flash.read(name))).toEqual(before);
    }),
    { numRuns: 60 },
  );
});

it('writes wear all sectors alike, whatever is written', () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 60 }), (writes, rounds) => {
      const { flash, time } = bench();
      let sectors = 0;
      for (let round = 0; round < rounds; round++) {
        for (const { name, bytes } of writes) {
          const fresh = `${round}${bytes}`;
          time.nowUs = Math.max(time.busyUntilUs, time.nowUs);
          expect(flash.write(name, fresh)).toBe(true);
          sectors += Math.ceil((fresh.length + 32) / 4_096);
        }
      }
      // Files that lie still keep their sectors fresh: at most those of three files and the one being
      // replaced.
      expect(flash.mostErases).toBeLessThanOrEqual(Math.ceil(sectors / (SECTORS - 4 * 3)) + 1);
    }),
    { numRuns: 15 },
  );
});

it('a write takes the time of its sectors and pages, and the same bytes take none', () => {
  const { flash, time } = bench();
  flash.write('b', 'x'.repeat(4_000));
  expect(time.busyUntilUs).toBe(45_000 + 16 * 700);
  flash.write('b', 'x'.repeat(4_000));
  expect(time.busyUntilUs).toBe(45_000 + 16 * 700);
});

it('a full flash takes nothing more and keeps what it has; what is erased makes room', () => {
  const { flash, time, said } = bench();
  const full = 'x'.repeat(60_000);
  let files = 0;
  while (flash.write(`file${files}`, full)) files++;
  expect([files, flash.read('file0')]).toEqual([14, full]);
  flash.erase('file3');
  time.nowUs = time.busyUntilUs;
  expect([flash.write('another', full), flash.read('file3'), flash.list()[1]]).toEqual([true, null, 'another']);
  expect(said.filter((line) => !line.startsWith('flash.wear')).slice(-3)).toEqual([
    'flash.write file14 no room 60000',
    'flash.write file3 erased 0',
    'flash.write another  60000',
  ]);
});

it('a flash that fails says so and keeps the old file', () => {
  const { flash, said } = bench({ fails: () => true });
  expect([flash.write('a', 'new'), flash.read('a')]).toEqual([false, 'delivered']);
  expect(said).toEqual(['flash.wear   1', 'flash.write a failed 3']);
});
