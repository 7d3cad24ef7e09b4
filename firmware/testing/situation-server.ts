/** A real server on loopback that does what a situation says. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ENDING_AFTER_MS, readRequest, type Situation } from './situations.ts';

export interface SituationServer {
  port: number;
  close(): void;
}

/** @param timeLapse how much faster the firmware's clock runs than this computer's */
export async function openSituationServer(situation: Situation, timeLapse = 1): Promise<SituationServer> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.setEncoding('latin1').on('error', () => {});
    socket.once('data', (head: string) => {
      socket.resume();
      const { accept, path } = readRequest(head);
      socket.write(situation.answer(accept, path), 'latin1');
      setTimeout(() => end(socket, situation), ENDING_AFTER_MS / timeLapse);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (situation.syn === 'refused') await new Promise((resolve) => server.close(resolve));
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function end(socket: Socket, { ending }: Situation): void {
  if (ending === 'fin') socket.end();
  if (ending === 'reset') socket.resetAndDestroy();
}
