/**
 * Resets, their reasons, the watchdog and memory. Espruino asks the chip for no reason (nothing in it calls
 * esp_reset_reason); what it does tell is that a sleep was left. Its own restarts leave a file behind, which
 * the next boot takes away: a restart costs two writes of flash.
 */
import type { Hal, ResetReason } from '../index.ts';
import { checkWatchdog } from '../limits.ts';

const RESTART_FILE = '.restart';
const MS_PER_S = 1000;

export function addResets(hal: Hal): void {
  const reason = reasonOf();
  const { system } = hal;
  system.resetReason = () => reason;
  system.restart = (why) => {
    if (typeof ESP32 === 'undefined') throw new Error('system.restart: this Espruino cannot');
    hal.log.line('restart: ' + why);
    require('Storage').write(RESTART_FILE, '1');
    ESP32.reboot();
  };
  system.watchdog = (ms) => {
    checkWatchdog(ms);
    // Elsewhere the call is there and does nothing.
    if (typeof ESP32 === 'undefined') throw new Error('system.watchdog: this Espruino has none');
    // It counts whole seconds.
    E.enableWatchdog(Math.ceil(ms / MS_PER_S), false);
  };
  system.feed = () => E.kickWatchdog();
  system.freeMemory = () => {
    const { free, blocksize } = process.memory();
    return free * blocksize;
  };
}

function reasonOf(): ResetReason {
  const storage = require('Storage');
  const restarted = storage.read(RESTART_FILE) !== undefined;
  if (restarted) storage.erase(RESTART_FILE);
  if (typeof ESP32 !== 'undefined' && ESP32.getWakeupCause() !== 0) return 'deep_sleep';
  return restarted ? 'restart' : 'unknown';
}
