/**
 * What every TCP connection of a machine stands at, and the table in which people know it: the columns of
 * `netstat -to` (net-tools), with the bytes in flight and the RTO of `ss -i` beside them.
 *
 * Not there: listening sockets, and what is no connection any more (TIME_WAIT).
 */

/** As Linux calls them, in netstat's spelling. */
export type SocketState = 'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'FIN_WAIT1' | 'FIN_WAIT2' | 'CLOSE_WAIT' | 'CLOSING' | 'LAST_ACK';

/** As the model has them (endpoint.ts): which FINs went and came, and not which of them are acknowledged. */
export type EndpointState = 'closed' | 'syn-sent' | 'syn-received' | 'established' | 'fin-sent' | 'fin-received' | 'both-fins';

/** @param closesFirst its FIN went before the peer's came */
export function stateName(state: EndpointState, finAcknowledged: boolean, closesFirst: boolean): SocketState {
  switch (state) {
    case 'syn-sent':
      return 'SYN_SENT';
    case 'syn-received':
      return 'SYN_RECV';
    case 'established':
      return 'ESTABLISHED';
    case 'fin-sent':
      return finAcknowledged ? 'FIN_WAIT2' : 'FIN_WAIT1';
    case 'fin-received':
      return 'CLOSE_WAIT';
    case 'both-fins':
      return closesFirst ? 'CLOSING' : 'LAST_ACK';
    case 'closed':
      throw new Error('a connection that is closed has no state');
  }
}

/**
 * What runs: `on` retransmission, `persist` zero-window probe, `probe` tail-loss probe, `ack` delayed
 * acknowledgement, `orphan` the time that is left after the application has closed.
 */
export type TimerKind = 'on' | 'persist' | 'probe' | 'ack' | 'orphan';

export interface SocketTimer {
  kind: TimerKind;
  /** Until it fires, ms. */
  inMs: number;
}

export interface SocketSnapshot {
  flow: number;
  state: SocketState;
  /** Received and not read by the application, bytes. */
  receivedBytes: number;
  /** Written and not acknowledged, bytes: what waits to be sent, and what is in flight. */
  queuedBytes: number;
  /** Sent and not acknowledged, bytes. */
  unacknowledgedBytes: number;
  /** How often what is first in flight, or the SYN, was sent again. */
  retransmissions: number;
  /** Current, with its backoff, ms. */
  rtoMs: number;
  timers: SocketTimer[];
}

/** A connection as one of its ends has it. */
export interface Connection extends SocketSnapshot {
  /** `board-3:2`: the second connection of that board; `relay`, `balancer`. */
  local: string;
  peer: string;
}

const HEAD = ['Recv-Q', 'Send-Q', 'Unacked', 'Local', 'Peer', 'State', 'RTO', 'Timers (kind in time)'];
/** Columns of numbers. */
const RIGHT = 3;

/** One line for each. */
export function netstatText(connections: readonly Connection[]): string {
  if (connections.length === 0) return 'no connections';
  const rows = [HEAD, ...connections.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell: string, column: number) => (column < RIGHT ? cell.padStart(widths[column]) : cell.padEnd(widths[column]));
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

function cells({
  local,
  peer,
  state,
  receivedBytes,
  queuedBytes,
  unacknowledgedBytes,
  retransmissions,
  rtoMs,
  timers,
}: Connection): string[] {
  const timerWords = timers.map(({ kind, inMs }) => `${kind} in ${milliseconds(inMs)}${kind === 'on' ? `/${retransmissions}` : ''}`);
  const numbers = [receivedBytes, queuedBytes, unacknowledgedBytes].map(String);
  return [...numbers, local, peer, state, milliseconds(rtoMs), timerWords.join(', ') || 'off'];
}

function milliseconds(ms: number): string {
  return ms < 1_000 ? `${Number(ms.toFixed(1))}ms` : `${Number((ms / 1_000).toFixed(2))}s`;
}
