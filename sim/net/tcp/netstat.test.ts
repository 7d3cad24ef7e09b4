import { describe, expect, it } from 'vitest';
import { type Connection, netstatText } from './netstat.ts';

function connection(change: Partial<Connection>): Connection {
  const nothing = { receivedBytes: 0, queuedBytes: 0, unacknowledgedBytes: 0, retransmissions: 0, rtoMs: 1_500, timers: [] };
  return { flow: 0, local: 'board-1:1', peer: 'relay', state: 'ESTABLISHED', ...nothing, ...change };
}

describe('the table of connections', () => {
  it('has a line for each, as netstat and ss have', () => {
    const text = netstatText([
      connection({ queuedBytes: 120, unacknowledgedBytes: 38, retransmissions: 2, rtoMs: 6_000, timers: [{ kind: 'on', inMs: 1_234 }] }),
      connection({ local: 'relay', peer: 'board-1:1', state: 'FIN_WAIT1', rtoMs: 204, timers: [{ kind: 'orphan', inMs: 60_000 }] }),
      connection({ local: 'board-2:12', receivedBytes: 7, timers: [{ kind: 'ack', inMs: 99.96 }] }),
    ]);
    expect(text).toBe(
      [
        'Recv-Q  Send-Q  Unacked  Local       Peer       State        RTO    Timers (kind in time)',
        '     0     120       38  board-1:1   relay      ESTABLISHED  6s     on in 1.23s/2',
        '     0       0        0  relay       board-1:1  FIN_WAIT1    204ms  orphan in 60s',
        '     7       0        0  board-2:12  relay      ESTABLISHED  1.5s   ack in 100ms',
      ].join('\n'),
    );
  });

  it('says when there are none', () => {
    expect(netstatText([])).toBe('no connections');
  });
});
