/**
 * What of a config is still an example: left out, so that the default of the device's own table stands for
 * it, or never filled in.
 */
import { DEFAULT_CONFIG } from '../config.ts';

/** What `firmware config` writes where nobody said anything. */
export const EXAMPLE_WIFI = { SSID: 'YOUR-WIFI', password: 'YOUR-PASSWORD' };

/**
 * @param value a config as it was read; which values are placeholders is seen by what was written, as an
 *   example may be somebody's real address
 */
export function placeholdersIn(value: Record<string, unknown>): { key: string; value: string }[] {
  const wifi = (value.wifi ?? {}) as { SSID?: string; password?: string };
  return [
    ...(wifi.SSID === undefined ? [{ key: 'wifi.SSID', value: `"${DEFAULT_CONFIG.wifi.SSID}"` }] : []),
    ...(wifi.SSID === EXAMPLE_WIFI.SSID ? [{ key: 'wifi.SSID', value: `"${EXAMPLE_WIFI.SSID}"` }] : []),
    ...(wifi.password === EXAMPLE_WIFI.password ? [{ key: 'wifi.password', value: `"${EXAMPLE_WIFI.password}"` }] : []),
    ...(value.server === undefined ? [{ key: 'server', value: DEFAULT_CONFIG.server }] : []),
  ];
}
