/** The boot code as it stands in `.bootcde`, on what it uses of Espruino. */
import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { CONFIRM_WITHIN_MS, readBootRecord } from '../ota/boot-record.ts';
import { buildBootCode, CHOSEN_SLOT, isUpdatable } from './boot-code.ts';

const digest = (bytes: string) => createHash('sha1').update(bytes, 'latin1').digest();
const hex = (bytes: string) => digest(bytes).toString('hex');
const IMAGE = 'ran = "ota_0";';

class Engine {
  readonly files: Record<string, string> = { 'squall-1.js': 'ran = "factory";', ota_0: IMAGE };
  reboots = 0;
  timers: { callback: () => void; ms: number }[] = [];

  /** @returns what ran */
  boot(code: string): string {
    this.timers = [];
    const storage = {
      read: (name: string) => this.files[name],
      write: (name: string, bytes: string) => {
        this.files[name] = bytes;
      },
      erase: (name: string) => delete this.files[name],
      getFree: () => 800_000,
      list: () => Object.keys(this.files),
    };
    const modules: Record<string, unknown> = {
      Storage: storage,
      crypto: { SHA1: (bytes: string) => Uint8Array.from(digest(bytes)).buffer },
    };
    const world: Record<string, unknown> = {
      require: (name: string) => modules[name],
      setTimeout: (callback: () => void, ms: number) => this.timers.push({ callback, ms }),
      ESP32: { reboot: () => this.reboots++ },
      E: { CRC32: (bytes: string) => bytes.length },
      ran: '',
    };
    world.global = world;
    runInNewContext(`${code}eval(require("Storage").read(${CHOSEN_SLOT}||"squall-1.js"));`, world);
    return world.ran as string;
  }
}

it('boots an image once, leaves it when its time is over, and keeps one that was confirmed', async () => {
  const code = await buildBootCode();
  expect(code.length).toBeLessThan(3_000);
  expect(code).toMatch(/^[\n -~]*$/);
  const engine = new Engine();
  expect(engine.boot(code)).toBe('factory');
  expect(engine.timers).toEqual([]);

  engine.files.otadata = `  ota_0 ${hex(IMAGE)} new 0`;
  expect(engine.boot(code)).toBe('ota_0');
  const [{ callback, ms }] = engine.timers;
  expect(ms).toBe(CONFIRM_WITHIN_MS);
  callback();
  expect(engine.reboots).toBe(1);
  expect(engine.boot(code)).toBe('factory');
  expect(readBootRecord({ read: (name) => engine.files[name] ?? null }).trial).toMatchObject({ state: 'aborted', tries: 1 });
  expect(engine.files['.journal']).toBeUndefined();

  engine.files.otadata = `ota_0 ${hex(IMAGE)}    0`;
  expect(engine.boot(code)).toBe('ota_0');
  engine.files.ota_0 = 'damaged';
  expect(engine.boot(code)).toBe('factory');
});

it('is for programs that can be updated', () => {
  expect(isUpdatable('var a="otadata";')).toBe(true);
  expect(isUpdatable('print("hello, otadata")')).toBe(false);
});
