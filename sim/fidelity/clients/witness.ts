/** Stands between the proxy and the server, and tells when the server ends a connection by itself. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Witness {
  port: number;
  close(): void;
}

export async function startWitness(serverPort: () => number, onServerEnd: () => void): Promise<Witness> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: serverPort(), host: '127.0.0.1', allowHalfOpen: true });
    let isOver = false;
    far.on('end', () => {
      if (!isOver) onServerEnd();
      isOver = true;
    });
    near.on('end', () => {
      isOver = true;
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one);
      one.on('data', (bytes) => other.write(bytes));
      one.on('end', () => other.end());
      one.on('error', () => {});
      one.on('close', () => {
        if (one === far && !isOver) onServerEnd();
        isOver = true;
        sockets.delete(one);
        // Refused is told as such.
        other.resetAndDestroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
