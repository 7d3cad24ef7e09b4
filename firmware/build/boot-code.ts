/**
 * What `.bootcde` of an Espruino board runs before a program that can be updated over the air: the rules of
 * ../ota/boot-record.ts, so that the image in a slot may go before the program that was flashed. It sets the
 * time limit of a trial itself: an image that never starts is left by it.
 *
 * Espruino has no partitions and no bootloader of its own to choose among programs; `.bootcde` is the first
 * that runs after a reset, and nothing over the air ever writes it.
 */
import { bundleScript } from './bundle.ts';
import { minifyForEspruino } from './minify.ts';
import { toEspruino } from './transform.ts';

/** The global in which the boot code leaves the slot that it has chosen; '': the program that was flashed. */
export const CHOSEN_SLOT = 'global.squallSlot';
/** The name of the boot record is in a program that reads it, and in no other. */
const NAMES_BOOT_RECORD = /["'`]otadata["'`]/;

const SCRIPT = `
  import { CONFIRM_WITHIN_MS, chooseImage, isPending } from 'firmware/ota/boot-record';
  import { createCrypto } from 'hal/espruino/crypto';
  import { addFiles } from 'hal/espruino/files';
  const flash = 'Storage';
  const storage = {
    read(name) {
      const bytes = require(flash).read(name);
      return bytes === undefined ? null : bytes;
    },
  };
  addFiles({ storage });
  const choice = chooseImage(storage, createCrypto().sha1);
  if (choice.what === 'trial')
    setTimeout(() => {
      if (isPending(storage)) ESP32.reboot();
    }, CONFIRM_WITHIN_MS);
  ${CHOSEN_SLOT} = choice.slot;`;

/** @param program as `firmware build` makes it */
export function isUpdatable(program: string): boolean {
  return NAMES_BOOT_RECORD.test(program);
}

/** Leaves its choice in CHOSEN_SLOT. ASCII only. */
export async function buildBootCode(): Promise<string> {
  return minifyForEspruino(await toEspruino(await bundleScript(SCRIPT)), []);
}
