/** What calls of the HAL accept, for its backends: one message for what lies outside. */

/** Espruino hands a sleep on as a signed number of microseconds (targets/esp32/jswrap_esp32.c). */
const SLEEP_MAX_MS = 2147483;
const WATCHDOG_MIN_MS = 1000;
const WATCHDOG_MAX_MS = 3600000;

/** @throws Error that names the call */
export function checkRange(what: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max)) throw new Error(`${what}: expected ${min} to ${max}, got ${value}`);
}

export function checkDeepSleep(ms: number, wakePin: number | undefined): void {
  checkRange('power.deepSleep: ms', ms, wakePin === undefined ? 1 : 0, SLEEP_MAX_MS);
}

export function checkLightSleep(ms: number): void {
  checkRange('power.lightSleep: ms', ms, 1, SLEEP_MAX_MS);
}

export function checkWatchdog(ms: number): void {
  checkRange('system.watchdog: ms', ms, WATCHDOG_MIN_MS, WATCHDOG_MAX_MS);
}

const FILE_NAME_MAX = 28;
const FILE_BYTES_MAX = 65536;

/** @param bytes left out: only the name matters */
export function checkFile(what: string, name: string, bytes?: string): void {
  if (name.length > FILE_NAME_MAX || !/^[!-~]+$/.test(name) || /[\x2f\x5c]/.test(name) || name.charAt(0) === '.') {
    throw new Error(
      `storage.${what}: name: expected 1 to 28 characters without space, / or \\ and no dot in front, got ${JSON.stringify(name)}`,
    );
  }
  if (bytes !== undefined) checkRange(`storage.${what}: bytes`, bytes.length, 1, FILE_BYTES_MAX);
}
