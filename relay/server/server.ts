/** Puts a server on a port, and says in the user's terms why it cannot be. */
import type { AddressInfo, Server } from 'node:net';
import { UsageError } from 'host/user-error';

const REASONS: Record<string, string> = {
  EADDRINUSE: 'something listens there already; stop it or choose another --port',
  EACCES: 'not permitted; ports below 1024 usually need more rights, so choose another --port',
  EADDRNOTAVAIL: 'this computer does not have that address; expected one of its own as --host, or 0.0.0.0 for all',
  ENOTFOUND: 'no such host; expected an address or name of this computer as --host',
  EAI_AGAIN: 'the name cannot be looked up now; expected an address or name of this computer as --host',
};

/**
 * @param port 0 lets the system choose
 * @param flag the flag that asked for the address, when it was not `--host` and `--port`
 * @throws UsageError when the address cannot be had
 */
export function listen(server: Server, host: string, port: number, flag = ''): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const serverOnError = (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''];
      reject(reason === undefined ? error : new UsageError(`${flag && `${flag}: `}cannot listen on ${host}:${port}: ${reason}`));
    };
    server.once('error', serverOnError);
    server.listen(port, host, () => {
      server.removeListener('error', serverOnError);
      resolve(server.address() as AddressInfo);
    });
  });
}
