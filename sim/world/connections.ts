/** Whose each socket of a world is: what its machines' TCP has, with the names of both ends. */
import type { Board } from '../board/board.ts';
import { boardId } from '../kernel/board-id.ts';
import type { Balancer } from '../net/balancer/balancer.ts';
import type { RelayMachine } from '../net/far-end.ts';
import type { Connection, SocketSnapshot } from '../net/tcp/netstat.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';

/** By board and connection, the board’s end first. @param balancer null: there is none on the way */
export function connectionsOf(boards: readonly Board[], balancer: Balancer | null, relay: RelayMachine): Connection[] {
  const between = (local: string, peer: string) => (socket: SocketSnapshot) => ({ ...socket, local, peer });
  const ofBoards = boards.flatMap(({ net }) => net.tcpSockets());
  const ofRelay = relay.tcpSockets();
  const sides = balancer?.sockets();
  const all =
    sides === undefined
      ? [...ofBoards.map(fromBoard('relay')), ...ofRelay.map(toBoard('relay'))]
      : [
          ...ofBoards.map(fromBoard('balancer')),
          ...sides.front.map(toBoard('balancer')),
          ...sides.back.map(between('balancer', 'relay')),
          ...ofRelay.map(between('relay', 'balancer')),
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
