/** What registers hold, as steps spell it. */
import { pattern } from '../../../kernel/fields.ts';

export const BYTES = pattern('bytes as hexadecimal digits, such as "12 ff 80"', '^[0-9a-fA-F]{2}( ?[0-9a-fA-F]{2}){0,255}$');

/** @param text that BYTES has read */
export function bytesOf(text: unknown): number[] {
  return ((text as string).match(/[0-9a-fA-F]{2}/g) ?? []).map((byte) => Number.parseInt(byte, 16));
}
