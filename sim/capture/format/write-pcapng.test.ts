/** The blocks of pcapng: whole, and with everything in them that was put in. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blocksOf, optionsOf, packetsOf } from '../testing/blocks.ts';
import { enhancedPacket, interfaceDescription, sectionHeader } from './write-pcapng.ts';

it('gives every packet back as it was, with its time to the microsecond and its comments', () => {
  const packet = fc.record({
    interface: fc.nat(20_000),
    epochUs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    outbound: fc.boolean(),
    frame: fc.uint8Array({ maxLength: 1_514 }).map((bytes) => Buffer.from(bytes)),
    comments: fc.array(fc.string({ maxLength: 40, unit: 'grapheme' }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 5 }), (packets) => {
      expect(packetsOf(Buffer.concat(packets.map(enhancedPacket)))).toEqual(packets);
    }),
  );
});

it('begins a section with the magic of its byte order, version 1.0, and who wrote it', () => {
  const [{ type, body }] = blocksOf(sectionHeader('squall', 'about it'));
  expect([type, body.readUInt32LE(0), body.readUInt16LE(4), body.readUInt16LE(6)]).toEqual([0x0a0d0d0a, 0x1a2b3c4d, 1, 0]);
  expect(optionsOf(body.subarray(16)).map(([code, value]) => [code, value.toString()])).toEqual([
    [4, 'squall'],
    [1, 'about it'],
  ]);
});

it('describes an Ethernet interface that counts microseconds and cuts no packet', () => {
  const [mac, ip] = [Buffer.from('240ac4000006', 'hex'), Buffer.from([10, 0, 0, 7, 255, 255, 0, 0])];
  const [{ type, body }] = blocksOf(interfaceDescription('board-7 air', mac, ip));
  expect([type, body.readUInt16LE(0), body.readUInt32LE(4)]).toEqual([1, 1, 0]);
  expect(optionsOf(body.subarray(8))).toEqual([
    [2, Buffer.from('board-7 air')],
    [6, mac],
    [4, ip],
    [9, Buffer.from([6])],
  ]);
});
