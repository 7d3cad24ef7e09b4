import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { BOOT_RECORD, CONFIRM_WITHIN_MS, readBootRecord } from '../../ota/boot-record.ts';
import { FakeHal } from '../../testing/fake-hal.ts';
import { bootImage } from './boot-image.ts';

/** What runs on a computer whose slot holds this code, on trial. @returns the board and how it ended */
function boot(code: string) {
  const hal = new FakeHal();
  const sha1 = createHash('sha1').update(code).digest('hex');
  hal.files.ota_0 = code;
  hal.files[BOOT_RECORD] = `  ota_0 ${sha1} new 0`;
  return {
    hal,
    again: () =>
      bootImage(
        hal,
        () => hal.log.line('factory'),
        (board, app) => app(board, {} as never),
      ),
  };
}

it('runs an image as a module, tries it once, and goes back when nobody confirms it', () => {
  const { hal, again } = boot("exports.app = (hal) => hal.log.line('new');");
  again();
  expect(hal.log.lines).toEqual([`boot: ota_0, on trial for ${CONFIRM_WITHIN_MS / 1000} s`, 'new']);
  expect(() => hal.clock.advance(CONFIRM_WITHIN_MS)).toThrow('restart the update was not confirmed in time');
  again();
  expect(hal.log.lines.slice(2)).toEqual(['boot: rolled back to the factory program', 'factory']);
});

it.each([
  ['exports.app = 7;', 'ota_0: expected a module that exports a function app(hal, config)'],
  ["exports.app = () => { throw new Error('no sensor'); };", 'no sensor'],
  ['not JavaScript', 'Unexpected identifier'],
])('resets the board for an image that cannot start: %j', (code, why) => {
  const { hal, again } = boot(code);
  expect(again).toThrow(`restart the update cannot start: ${why}`);
  again();
  expect(hal.log.lines.at(-1)).toBe('factory');
  expect(readBootRecord(hal.storage).trial).toMatchObject({ state: 'aborted' });
});
