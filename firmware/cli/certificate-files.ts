/**
 * The files that a config's `ssl` names, from this computer's disk into a board's storage, under the names by
 * which its firmware asks for them.
 */
import { dirname, resolve } from 'node:path';
import { connectionOptions } from 'hal/node/tls';
import { readBytes } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { parseConfig } from '../config.ts';

/** A chain of three certificates in PEM form, with room for long names. */
const MAX_CERTIFICATE_BYTES = 64 * 1024;

/**
 * @param value a config whose keys are right one by one
 * @param beside the config's own file, from whose folder relative names are looked up
 * @returns binary strings by name, one character per byte of the name as well; nothing for a `ws://` server
 *   that no redirect can leave, which uses none
 * @throws UsageError that names each key and path
 */
export function certificateFiles(value: Record<string, unknown>, beside: string): Record<string, string> {
  const { config, errors } = parseConfig(value);
  // With this server something may be missing that the file alone did not need.
  if (errors.length > 0) throw new UsageError(errors.map((error) => `--config: ${beside}: ${error}`).join('\n'));
  const { server, ssl, redirects } = config;
  if (!server.startsWith('wss://') && redirects === 0) return {};
  const found = { key: '', cert: '', ca: '' };
  const files: Record<string, string> = {};
  const problems: string[] = [];
  for (const key of ['key', 'cert', 'ca'] as const) {
    if (ssl[key] === '') continue;
    try {
      found[key] = readBytes(resolve(dirname(beside), ssl[key]), MAX_CERTIFICATE_BYTES).toString('latin1');
      files[Buffer.from(ssl[key], 'utf8').toString('latin1')] = found[key];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(`--config: ${beside}: ssl.${key}: ${error.message}`);
    }
  }
  if (problems.length === 0) problems.push(...unusable(found).map((problem) => `--config: ${beside}: ssl: ${problem}`));
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return files;
}

/** What a board would only find out when it connects. */
function unusable(files: Record<'key' | 'cert' | 'ca', string>): string[] {
  try {
    connectionOptions({ ...files, verify: files.ca !== '' }, '');
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
