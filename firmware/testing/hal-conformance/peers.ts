/**
 * The other end of peer-link.ts: real servers on the computer, which the program in the engine opens, plays
 * and is told about.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

const HOST = '127.0.0.1';

export class Peers {
  private readonly linkServer = createServer((link) => this.serve(link));
  private readonly servers: Server[] = [];
  private readonly sockets: Socket[] = [];

  /** @returns the port that the link's other end connects to */
  start(): Promise<number> {
    return openPort(this.linkServer);
  }

  stop(): void {
    this.closeAll();
    this.linkServer.close();
  }

  private serve(link: Socket): void {
    link.on('error', () => {});
    const lines = createInterface(link).on('error', () => {});
    lines.on('line', async (line) => {
      const [word, name, argument] = line.split(' ');
      const socket = this.sockets[Number(name)];
      if (word === 'write') socket.write(Buffer.from(argument, 'base64'));
      else if (word === 'end') socket.end();
      else if (word === 'reset') socket.resetAndDestroy();
      else if (word === 'listen') link.write(`answer ${await this.listen(link)}\n`);
      else if (word === 'close') {
        this.closeAll();
        link.write('answer closed\n');
      }
    });
  }

  private async listen(link: Socket): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const name = this.sockets.push(socket) - 1;
      link.write(`accepted ${port} ${name}\n`);
      socket.on('data', (bytes) => link.write(`data ${name} ${bytes.toString('base64')}\n`));
      socket.on('end', () => link.write(`ended ${name}\n`));
      socket.on('close', () => link.write(`closed ${name}\n`));
      socket.on('error', () => {});
    });
    this.servers.push(server);
    const port = await openPort(server);
    return port;
  }

  private closeAll(): void {
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers.splice(0)) server.close();
  }
}

/** A port of this computer on which nobody listens any more. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await openPort(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function openPort(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port)));
}
