/** A device's `config.json` as a file of this computer: read, bounded, and checked by the very rules that the device applies. */
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { parseConfig } from '../config.ts';

/** A device's config.json has a dozen keys. */
const MAX_CONFIG_BYTES = 64 * 1024;

export interface ConfigFile {
  file: string;
  /** As JSON.parse gave it, and without error: what is left out there gets the device's defaults. */
  value: Record<string, unknown>;
}

/** @throws UsageError with a line for each thing that is wrong, to stand behind `--config: ` */
export function readConfigFile(file: string): ConfigFile {
  const value = parseJson(file, readInput(file, MAX_CONFIG_BYTES));
  const { errors } = parseConfig(value);
  if (errors.length > 0) throw new UsageError(errors.map((error) => `${file}: ${error}`).join('\n--config: '));
  return { file, value: value as Record<string, unknown> };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own words may quote the file, and with it a password.
    throw new UsageError(`${file}: expected JSON, got something else`);
  }
}
