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

const LISTEN_INTERVAL_MAX = 100;

export function checkPowerSave(mode: string, listenInterval: number | undefined): void {
  if (mode !== 'none' && mode !== 'min_modem' && mode !== 'max_modem') {
    throw new Error(`wifi.powerSave: mode: expected none, min_modem or max_modem, got ${mode}`);
  }
  if (listenInterval !== undefined) checkRange('wifi.powerSave: listenInterval', listenInterval, 1, LISTEN_INTERVAL_MAX);
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

const DEBOUNCE_MAX_MS = 10000;
const PWM_MAX_HZ = 100000;
const ADDRESS_MIN = 0x08;
const ADDRESS_MAX = 0x77;
const I2C_BYTES_MAX = 255;
const SPI_BYTES_MAX = 4096;

export function checkDebounce(ms: number): void {
  checkRange('gpio.watch: debounceMs', ms, 0, DEBOUNCE_MAX_MS);
}

export function checkPwm(duty: number, frequencyHz: number): void {
  checkRange('gpio.pwm: duty', duty, 0, 1);
  checkRange('gpio.pwm: frequencyHz', frequencyHz, 1, PWM_MAX_HZ);
}

export function checkI2cSetup(bitrateHz: number): void {
  checkRange('i2c.setup: bitrateHz', bitrateHz, 10000, 400000);
}

export function checkI2c(isSetUp: boolean, address: number, bytes: string, readBytes: number): void {
  if (!isSetUp) throw new Error('i2c.transfer: expected setup before it');
  checkRange('i2c.transfer: address', address, ADDRESS_MIN, ADDRESS_MAX);
  checkRange('i2c.transfer: bytes', bytes.length, readBytes > 0 ? 0 : 1, I2C_BYTES_MAX);
  checkRange('i2c.transfer: readBytes', readBytes, 0, I2C_BYTES_MAX);
}

export function checkSpiSetup(bitrateHz: number, mode: number): void {
  checkRange('spi.setup: bitrateHz', bitrateHz, 10000, 40000000);
  checkRange('spi.setup: mode', mode, 0, 3);
}

export function checkSpi(isSetUp: boolean, bytes: string): void {
  if (!isSetUp) throw new Error('spi.transfer: expected setup before it');
  checkRange('spi.transfer: bytes', bytes.length, 1, SPI_BYTES_MAX);
}

export function checkUart(port: number, baud: number): void {
  checkRange('uart.open: port', port, 1, 2);
  checkRange('uart.open: baud', baud, 300, 921600);
}

const ONE_WIRE_BYTES_MAX = 255;

export function checkOneWire(rom: string, bytes: string, readBytes: number): void {
  if (rom !== '' && (rom.length !== 16 || !/^[0-9a-f]+$/.test(rom))) {
    throw new Error(`oneWire.transfer: rom: expected '' or 16 lower-case hexadecimal digits, got ${JSON.stringify(rom)}`);
  }
  checkRange('oneWire.transfer: bytes', bytes.length, readBytes > 0 ? 0 : 1, ONE_WIRE_BYTES_MAX);
  checkRange('oneWire.transfer: readBytes', readBytes, 0, ONE_WIRE_BYTES_MAX);
}
