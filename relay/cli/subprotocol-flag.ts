/**
 * `--subprotocol` of the relay's command line: names for what clients say to each other, of which a client
 * may ask for one.
 */
import { listFlag } from 'host/command-line';
import { subprotocolsOf } from '../admission/handshake.ts';

export const SUBPROTOCOL_FLAG = listFlag<string[]>({
  about: 'Subprotocols that clients may choose from; again for more',
  expected: 'names such as mqtt with commas between them',
  parse: subprotocolsOf,
});
