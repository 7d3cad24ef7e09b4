/** Puts a server on the address that a flag named, and says in the flag's terms why it cannot be. */
import type { AddressInfo, Server } from 'node:net';
import { UsageError } from 'host/user-error';
import { type Address, formatAddress } from './address.ts';

const REASONS: Record<string, string> = {
  EADDRINUSE: 'something listens there already; expected a free port',
  EACCES: 'not permitted; ports below 1024 usually need more rights',
  EADDRNOTAVAIL: 'this computer does not have that address; expected one of its own, or 0.0.0.0 for all',
  ENOTFOUND: 'no such host; expected an address or name of this computer',
  EAI_AGAIN: 'the name cannot be looked up now; expected an address or name of this computer',
};

/**
 * @returns where it listens, with the port that the system chose for port 0 @throws UsageError when the
 *   address cannot be had
 */
export function listenAt(server: Server, address: Address, flag: string): Promise<Address> {
  return new Promise((resolve, reject) => {
    const serverOnError = (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''];
      reject(reason === undefined ? error : new UsageError(`${flag} ${formatAddress(address)}: ${reason}`));
    };
    server.once('error', serverOnError);
    server.listen(address.port, address.host, () => {
      server.removeListener('error', serverOnError);
      resolve({ host: address.host, port: (server.address() as AddressInfo).port });
    });
  });
}
