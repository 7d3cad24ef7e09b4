/**
 * Which image a board boots: a record in flash, and the rules of the boot code that reads it. Runs before any
 * firmware, on every backend, and stays small.
 *
 * Terms and rules are ESP-IDF's (v5.4, api-reference/system/ota, "App Rollback"; `esp_ota_img_states_t`):
 * images lie in the slots `ota_0` and `ota_1` beside the factory program, and one that is new is booted once,
 * as `pending_verify`. It has to be confirmed before the next boot, or that boot finds it still pending, calls
 * it `aborted` and boots the one before. Two things differ. ESP-IDF never boots an aborted image again; here
 * bad weather, or a power cut in its first minutes, may be to blame, so it gets BOOT_TRIES_MAX tries, each
 * when it is offered anew. And the boot code itself sets the time limit (CONFIRM_WITHIN_MS), so that an image
 * that hangs, or has no updater at all, goes as well.
 *
 * The record is one file, and a file is written as a whole (hal/storage.ts): where ESP-IDF keeps two copies
 * with a counter, one will do.
 */
import type { Storage } from 'hal';

export const BOOT_RECORD = 'otadata';
const SLOTS = ['ota_0', 'ota_1'];
/**
 * Of the record: slot and SHA-1 of what was confirmed, then slot, SHA-1, state and tries of the trial. By
 * their places, since each build of a program shortens the names of properties in its own way.
 */
const FIELDS = 6;

/** An image that has been booted so often without being confirmed is not booted again. */
export const BOOT_TRIES_MAX = 3;
/**
 * From its boot to its confirmation, ms. Three attempts of a channel with the longest backoff (60 s) and
 * connects that nobody answers (18 s) take 4 min, so weather alone seldom ends a good image.
 */
export const CONFIRM_WITHIN_MS = 300000;

export type TrialState = 'new' | 'pending_verify' | 'aborted' | 'invalid';

/** The board's one owner of what it boots. */
export interface BootRecord {
  /** Slot and SHA-1 of the image that was confirmed last; '' and '': the factory program. */
  slot: string;
  sha1: string;
  /** The image that is to follow it. */
  trial: Trial | null;
}

export interface Trial {
  slot: string;
  /** 40 hexadecimal digits. */
  sha1: string;
  state: TrialState;
  /** How often it was booted. */
  tries: number;
}

/** What is to be booted, and why; `trial`: it has CONFIRM_WITHIN_MS. */
export interface Choice {
  /** '': the factory program. */
  slot: string;
  what: 'factory' | 'confirmed' | 'trial' | 'rolled_back';
}

export type Sha1 = (bytes: string) => string;

/** Of a board that was never updated, or whose record nobody can read: the factory program. */
export function readBootRecord(storage: Pick<Storage, 'read'>): BootRecord {
  const fields = (storage.read(BOOT_RECORD) || '').split(' ');
  if (fields.length !== FIELDS) return { slot: '', sha1: '', trial: null };
  const trial = { slot: fields[2], sha1: fields[3], state: fields[4] as TrialState, tries: Number(fields[5]) };
  return { slot: fields[0], sha1: fields[1], trial: trial.slot === '' ? null : trial };
}

export function writeBootRecord(storage: Pick<Storage, 'write'>, { slot, sha1, trial }: BootRecord): boolean {
  const { slot: next, sha1: nextSha1, state, tries } = trial || { slot: '', sha1: '', state: '', tries: 0 };
  return storage.write(BOOT_RECORD, [slot, sha1, next, nextSha1, state, tries].join(' '));
}

/** The slot that holds neither what was confirmed nor anything that runs. */
export function freeSlot(record: BootRecord): string {
  return record.slot === SLOTS[0] ? SLOTS[1] : SLOTS[0];
}

/**
 * What to boot now. To be asked once in each boot, by the boot code: it moves a trial on, and boots it only
 * if that is in flash, since a board that could not count its tries would boot a bad image for ever.
 */
export function chooseImage(storage: Storage, sha1: Sha1): Choice {
  const record = readBootRecord(storage);
  const { trial } = record;
  let rolledBack = false;
  if (trial !== null && trial.state === 'new') {
    const whole = isWhole(storage, sha1, trial);
    trial.state = whole ? 'pending_verify' : 'invalid';
    trial.tries++;
    if (writeBootRecord(storage, record) && whole) return { slot: trial.slot, what: 'trial' };
  } else if (trial !== null && trial.state === 'pending_verify') {
    trial.state = 'aborted';
    rolledBack = true;
    writeBootRecord(storage, record);
  }
  if (record.slot !== '' && !isWhole(storage, sha1, record)) {
    // Not to be taken for one that is there when it is offered again.
    record.slot = '';
    record.sha1 = '';
    writeBootRecord(storage, record);
  }
  const { slot } = record;
  return { slot, what: rolledBack ? 'rolled_back' : slot === '' ? 'factory' : 'confirmed' };
}

/** The image that runs has proved itself: there is no way back from here but by another update. */
export function confirmImage(storage: Storage): boolean {
  const record = readBootRecord(storage);
  const { trial } = record;
  if (trial === null || trial.state !== 'pending_verify') return false;
  return writeBootRecord(storage, { slot: trial.slot, sha1: trial.sha1, trial: null });
}

/** Asked when CONFIRM_WITHIN_MS are over: the board is to be reset if so. */
export function isPending(storage: Pick<Storage, 'read'>): boolean {
  const { trial } = readBootRecord(storage);
  return trial !== null && trial.state === 'pending_verify';
}

function isWhole(storage: Pick<Storage, 'read'>, sha1: Sha1, image: { slot: string; sha1: string }): boolean {
  if (SLOTS.indexOf(image.slot) < 0) return false;
  const bytes = storage.read(image.slot);
  return bytes !== null && hex(sha1(bytes)) === image.sha1;
}

/** Lower-case hexadecimal digits. */
export function hex(bytes: string): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (256 + bytes.charCodeAt(i)).toString(16).substring(1);
  return text;
}
