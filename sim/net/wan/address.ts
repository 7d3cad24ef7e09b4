/** Where the relay is, as names are answered and packets are sent. */
import { pattern } from '../../kernel/fields.ts';

/** At first; a capture calls it the same (capture/addresses.ts). */
export const RELAY_ADDRESS = '10.0.255.1';

const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';

export const addressField = pattern('an IPv4 address (192.0.2.7)', `(?:${BYTE}\\.){3}${BYTE}`);
