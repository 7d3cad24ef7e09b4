/**
 * What happens between power-up and the app: seed the random generator, read and check `config.json`, start.
 * A program that was built with its config inside starts with `bootWith` and carries neither the rules nor
 * their messages.
 *
 * An app never runs on a config with errors; they go to the log, all of them, and the board stays idle until
 * it is given a better file and reset.
 */
import type { Hal } from 'hal';
import { DEFAULT_CONFIG, type DeviceConfig, parseConfig } from './config.ts';

export type FirmwareApp = (hal: Hal, config: DeviceConfig) => void;

const CONFIG_FILE = 'config.json';

export function boot(hal: Hal, app: FirmwareApp): void {
  const { config, errors } = readConfig(hal);
  for (let i = 0; i < errors.length; i++) hal.log.line(`${CONFIG_FILE}: ${errors[i]}`);
  if (errors.length === 0) bootWith(hal, app, config);
}

/** @param config from `parseConfig`, without errors */
export function bootWith(hal: Hal, app: FirmwareApp, config: DeviceConfig): void {
  // First of all: Espruino's generator gives every board the same numbers, so masking keys and jitter would
  // be a fleet's, not a board's.
  const id = hal.system.uniqueId();
  hal.random.seed(parseInt(id.substring(0, 6), 16));
  hal.random.seed(parseInt(id.substring(6), 16));
  // And two boots of one board: the microseconds that it took to get here.
  hal.random.seed(Math.round(hal.clock.now() * 1000) >>> 0);
  app(hal, config);
}

function readConfig(hal: Hal): { config: DeviceConfig; errors: string[] } {
  const text = hal.storage.read(CONFIG_FILE);
  if (text === null) return { config: DEFAULT_CONFIG, errors: ['no such file on the device'] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own words may quote the file, and with it the password.
    return { config: DEFAULT_CONFIG, errors: ['not valid JSON'] };
  }
  return parseConfig(value);
}
