/** `--server URL`: checked by the rule that the device applies to the key of that name. */
import { UsageError } from 'host/user-error';
import { parseConfig } from '../config.ts';

export function readServer(text: string): string {
  const { errors } = parseConfig({ server: text });
  if (errors.length > 0) throw new UsageError(errors[0].replace('server: ', ''));
  return text;
}
