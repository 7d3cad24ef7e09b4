/** Whose each socket of a world is: what its machines' TCP has, with the names of both ends. */
import { boardId } from '../kernel/board-id.ts';
import type { Connection, SocketSnapshot } from '../net/tcp/netstat.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';

interface Sockets {
  boards: readonly SocketSnapshot[];
  /** null: boards talk to the relay themselves. */
  balancer: { front: readonly SocketSnapshot[]; back: readonly SocketSnapshot[] } | null;
  relay: readonly SocketSnapshot[];
}

/** By board and connection, the board's end first. */
export function connectionsOf({ boards, balancer, relay }: Sockets): Connection[] {
  const between = (local: string, peer: string) => (socket: SocketSnapshot) => ({ ...socket, local, peer });
  const all =
    balancer === null
      ? [...boards.map(fromBoard('relay')), ...relay.map(toBoard('relay'))]
      : [
          ...boards.map(fromBoard('balancer')),
          ...balancer.front.map(toBoard('balancer')),
          ...balancer.back.map(between('balancer', 'relay')),
          ...relay.map(between('relay', 'balancer')),
        ];
  return all.sort((a, b) => boardOf(a.flow) - boardOf(b.flow) || connectionOf(a.flow) - connectionOf(b.flow));
}

function fromBoard(peer: string): (socket: SocketSnapshot) => Connection {
  return (socket) => ({ ...socket, local: nameOf(socket), peer });
}

function toBoard(local: string): (socket: SocketSnapshot) => Connection {
  return (socket) => ({ ...socket, local, peer: nameOf(socket) });
}

/** The board, and which of its connections. */
function nameOf({ flow }: SocketSnapshot): string {
  return `${boardId(boardOf(flow))}:${connectionOf(flow)}`;
}
