/** What a reader of packets does with connections that are too many, and with those of others. */
import { expect, it } from 'vitest';
import { ethernet, ipPacket, pcap, type SegmentParts } from '../../capture/testing/frames.ts';
import { PacketReader } from './packet-reader.ts';

const SYN = 2;
const ACK = 16;
const REQUEST = Buffer.from('GET /kitchen?token=53cr37 HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');
const RESPONSE = Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n');

function factsOf(segments: readonly SegmentParts[], ports: readonly number[] = []) {
  const reader = new PacketReader(ports);
  reader.push(pcap(segments.map((parts, index) => ({ epochUs: index * 10_000, frame: ethernet(ipPacket(parts)) }))));
  return reader.finish();
}

function handshake(fromPort: number, at = 0): SegmentParts[] {
  const back = { from: '10.0.0.1', to: '10.0.0.7', fromPort: 8000, toPort: fromPort };
  return [
    { fromPort, flags: SYN, seq: at },
    { ...back, flags: SYN | ACK, seq: 900, ack: at + 1 },
    { fromPort, flags: ACK, seq: at + 1, ack: 901, payload: REQUEST },
    { ...back, flags: ACK, seq: 901, ack: at + 1 + REQUEST.length, payload: RESPONSE },
  ];
}

it('takes a connection by its request, and keeps no query of it', () => {
  const { clients, servers, others } = factsOf([...handshake(50_000), { toPort: 443, flags: SYN }]);
  expect(clients.map(({ address, path, sessions }) => [address, path, sessions])).toEqual([['10.0.0.7', '/kitchen', 1]]);
  expect(servers.map(({ name }) => name)).toEqual(['10.0.0.1:8000']);
  expect(others).toBe(0);
});

it('takes ports that are used again for a new connection of the same client', () => {
  const { clients } = factsOf([...handshake(50_000), ...handshake(50_000, 7_000_000)]);
  expect(clients.map(({ sessions }) => sessions)).toEqual([2]);
});

it('gives up the connections that were silent longest when there are too many, and counts them', () => {
  const flood = Array.from({ length: 12_000 }, (_, index) => ({ fromPort: 20_000 + index, flags: SYN }));
  const { forgotten, clients } = factsOf([...flood, ...handshake(50_000)], [8000]);
  expect(forgotten).toBeGreaterThan(5_000);
  expect(clients).toHaveLength(1);
});

it('passes over whoever was not asked for', () => {
  const { clients, others } = factsOf([...handshake(50_000), ...handshake(50_001)], [9_000]);
  expect([clients.length, others]).toEqual([0, 2]);
});
