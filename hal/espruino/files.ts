/**
 * Files that are written as a whole. Rule 13: the engine takes the old file away before it makes the new one
 * (src/jsflash.c, jsfWriteFile), so that a loss of power between the two leaves neither; it also does so when
 * there is no room for the new. Here the new bytes go into a journal first, with a checksum; whoever boots
 * finishes what is whole in it.
 */
import type { Hal } from '../index.ts';
import { checkFile } from '../limits.ts';

const JOURNAL = '.journal';
/** Of a file beside its bytes (32), and of the journal beside those. */
const OVERHEAD_BYTES = 160;

export function addFiles(hal: Hal): void {
  const flash = require('Storage');
  finishJournal();

  hal.storage.write = (name, bytes) => {
    checkFile('write', name, bytes);
    if (flash.read(name) === bytes) return true;
    if (flash.getFree() < 2 * (bytes.length + OVERHEAD_BYTES)) return false;
    try {
      const entry = name + '\n' + bytes;
      flash.write(JOURNAL, E.CRC32(entry) + '\n' + entry);
      flash.write(name, bytes);
      flash.erase(JOURNAL);
      return true;
    } catch {
      return false;
    }
  };
  hal.storage.erase = (name) => {
    checkFile('erase', name);
    flash.erase(name);
  };
  hal.storage.list = () =>
    flash
      .list()
      .filter((name) => name.charAt(0) !== '.')
      .sort();

  function finishJournal(): void {
    const journal = flash.read(JOURNAL);
    if (journal === undefined) return;
    const [sum, name] = journal.split('\n');
    const entry = journal.substr(sum.length + 1);
    if (name !== undefined && String(E.CRC32(entry)) === sum) flash.write(name, entry.substr(name.length + 1));
    flash.erase(JOURNAL);
  }
}
