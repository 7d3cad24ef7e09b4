/**
 * Packets of a world as frames: as long as the world reckoned, with checksums that add up and addresses that
 * tell boards apart.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowOf } from '../net/wire/flow.ts';
import { ACK, FIN, Packet, RST, SYN, UDP } from '../net/wire/packet.ts';
import { boardAddress, boardPort } from './addresses.ts';
import { Connection } from './connections.ts';
import { checksum, frameOf } from './frame.ts';

const RELAY_PORT = 8000;
const IP_AT = 14;
const BODY_AT = 34;
const BOARDS_MAX = 16_384;

const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const edges = fc.uniqueArray(uint(31), { minLength: 2, maxLength: 6 }).map((all) => all.slice(0, all.length & ~1));
const segment = fc
  .record({
    flow: fc.tuple(fc.nat(BOARDS_MAX - 1), fc.integer({ min: 1, max: 100_000 })).map(([board, connection]) => flowOf(board, connection)),
    flags: fc.constantFrom(SYN, SYN | ACK, ACK, ACK | FIN, RST | ACK, RST),
    numbers: fc.tuple(uint(33), uint(33)),
    window: uint(16),
    data: fc.string({ maxLength: 1_448, unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
    stamps: fc.option(fc.tuple(fc.integer({ min: 1, max: 2 ** 40 }), uint(32)), { nil: [0, 0] as [number, number] }),
    sackPermitted: fc.boolean(),
    sack: fc.option(edges, { nil: null }),
  })
  .map(({ flow, flags, numbers: [seq, ack], window, data, stamps, sackPermitted, sack }) => {
    const isSyn = (flags & SYN) !== 0;
    const payload = isSyn ? '' : data;
    return new Packet(flow, flags, seq, ack, window, payload, ...stamps, isSyn ? 1_440 : 0, isSyn && sackPermitted, isSyn ? null : sack);
  });
const way = fc.constantFrom('up' as const, 'down' as const);
const initial = fc.tuple(uint(32), uint(32)).map(([up, down]) => new Connection(up, down));

/** 0 when the checksum that is in it is right. */
function wrongness(frame: Buffer): number {
  const ip = frame.subarray(IP_AT);
  const pseudo = Buffer.concat([ip.subarray(12, 20), Buffer.from([0, ip[9], (ip.length - 20) >> 8, (ip.length - 20) & 255])]);
  return checksum(ip.subarray(0, 20)) | checksum(Buffer.concat([pseudo, ip.subarray(20)]));
}

describe('a segment', () => {
  it('is as long as the world reckoned, carries what was sent, and its checksums add up', () => {
    fc.assert(
      fc.property(segment, way, initial, (packet, direction, connection) => {
        const frame = frameOf(packet, direction, connection.numbersOf(packet, direction), RELAY_PORT);
        const headerBytes = (frame[BODY_AT + 12] >> 4) * 4;
        expect([frame.length, frame.readUInt16BE(IP_AT + 2)]).toEqual([IP_AT + packet.wireBytes, packet.wireBytes]);
        expect(frame.toString('latin1', BODY_AT + headerBytes)).toBe(packet.data);
        expect(frame.readUInt16BE(BODY_AT + 14)).toBe(packet.window);
        expect(wrongness(frame)).toBe(0);
      }),
    );
  });

  it('has the options of the world’s TCP: a SYN its MSS, padded, the others timestamps and ranges', () => {
    const connection = new Connection(0, 2 ** 32 - 10);
    const optionsOf = (packet: Packet) => {
      const frame = frameOf(packet, 'up', connection.numbersOf(packet, 'up'), RELAY_PORT);
      return frame.toString('hex', BODY_AT + 20, BODY_AT + (frame[BODY_AT + 12] >> 4) * 4);
    };
    const flow = flowOf(6, 1);
    expect(optionsOf(new Packet(flow, SYN, 0, 0, 5760, '', 0, 0, 1440, false, null))).toBe('020405a001010101');
    expect(optionsOf(new Packet(flow, SYN, 0, 0, 5760, '', 7, 0, 1448, true, null))).toBe('020405a8040201010101080a0000000700000000');
    expect(optionsOf(new Packet(flow, ACK, 1, 5, 5760, '', 9, 8, 0, false, [11, 20]))).toBe(
      '0101080a00000009000000080101050a000000010000000a',
    );
  });
});

it('a datagram goes between a board and the time server, and its checksum is never the 0 that means none', () => {
  fc.assert(
    fc.property(fc.nat(BOARDS_MAX - 1), uint(16), way, (board, word, direction) => {
      const data = String.fromCharCode(word >> 8, word & 255);
      const frame = frameOf(new Packet(flowOf(board, 0), UDP, 0, 0, 0, data, 0, 0, 0, false, null), direction, null, RELAY_PORT);
      expect(wrongness(frame)).toBe(0);
      expect(frame.readUInt16BE(BODY_AT + 6)).not.toBe(0);
      const ports = [frame.readUInt16BE(BODY_AT), frame.readUInt16BE(BODY_AT + 2)];
      expect(direction === 'up' ? ports : ports.reverse()).toEqual([49_152, 123]);
    }),
  );
});

it('every board has addresses of its own, the relay’s network is not among them, and ports stay above 49,151', () => {
  const addresses = Array.from({ length: BOARDS_MAX }, (_, board) => boardAddress(board));
  expect(new Set(addresses.map(({ ip }) => ip.join('.'))).size).toBe(BOARDS_MAX);
  expect(new Set(addresses.map(({ mac }) => mac.toString('hex'))).size).toBe(BOARDS_MAX);
  expect([6, 299, BOARDS_MAX - 1].map((board) => addresses[board].ip.join('.'))).toEqual(['10.0.0.7', '10.0.1.44', '10.0.64.0']);
  expect([0, 1, 16_383, 16_384].map(boardPort)).toEqual([49_152, 49_153, 65_535, 49_152]);
});
