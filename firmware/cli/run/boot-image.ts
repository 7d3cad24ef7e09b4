/**
 * The boot code of a board that this computer plays: the app that was named is the factory program, and an
 * image from over the air is a module of CommonJS that exports `app(hal, config)`, run in this very process.
 * What a device does with a program that cannot even start, a reset, is done here at once.
 */
import { createHash } from 'node:crypto';
import type { Hal, Storage } from 'hal';
import type { FirmwareApp } from '../../boot.ts';
import { type Choice, CONFIRM_WITHIN_MS, chooseImage, isPending } from '../../ota/boot-record.ts';
import { appOfCode } from '../load-app.ts';

const sha1 = (bytes: string): string => createHash('sha1').update(bytes, 'latin1').digest('binary');

/** @param app the factory program */
export function bootImage(hal: Hal, app: FirmwareApp, start: (hal: Hal, app: FirmwareApp) => void): void {
  const choice = chooseImage(hal.storage, sha1);
  if (choice.what !== 'factory') hal.log.line(`boot: ${wordsOf(choice)}`);
  if (choice.what !== 'trial') {
    start(hal, choice.slot === '' ? app : imageIn(hal.storage, choice.slot));
    return;
  }
  hal.clock.setTimeout(() => {
    if (isPending(hal.storage)) hal.system.restart('the update was not confirmed in time');
  }, CONFIRM_WITHIN_MS);
  let failure = '';
  try {
    start(hal, imageIn(hal.storage, choice.slot));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  if (failure !== '') hal.system.restart(`the update cannot start: ${failure}`);
}

function imageIn(storage: Storage, slot: string): FirmwareApp {
  return appOfCode(slot, Buffer.from(storage.read(slot) ?? '', 'latin1').toString('utf8'));
}

function wordsOf({ slot, what }: Choice): string {
  const image = slot === '' ? 'the factory program' : slot;
  if (what === 'trial') return `${image}, on trial for ${CONFIRM_WITHIN_MS / 1000} s`;
  return what === 'rolled_back' ? `rolled back to ${image}` : image;
}
