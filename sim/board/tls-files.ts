/** Names of the files that a board with TLS has beside its config. */

export const CA_FILE = 'ca.der';
export const CERTIFICATE_FILE = 'board.crt';
export const KEY_FILE = 'board.key';
