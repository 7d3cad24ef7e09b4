/** Captures of either format, as all kinds of machines write them, whatever the chunks that they come in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcap, pcapng, type Written } from '../testing/frames.ts';
import { CaptureReader } from './capture-reader.ts';
import { enhancedPacket, interfaceDescription, sectionHeader } from './write-pcapng.ts';

function read(file: Buffer, chunkBytes = file.length) {
  const packets: Written[] = [];
  const reader = new CaptureReader(({ data, start, end, epochUs }) => {
    packets.push({ epochUs, frame: Buffer.from(data.subarray(start, end)) });
  });
  for (let at = 0; at < file.length; at += chunkBytes) reader.push(file.subarray(at, at + chunkBytes));
  return { packets, end: reader.finish() };
}

const PACKETS = fc.array(
  fc.record({
    epochUs: fc.integer({ min: 0, max: 4_000_000_000_000_000 }),
    frame: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 5 },
);

const FORMATS: [name: string, write: (packets: Written[]) => Buffer, grainUs: number][] = [
  ['pcap, µs, little-endian', (packets) => pcap(packets), 0],
  ['pcap, µs, big-endian', (packets) => pcap(packets, 0xa1b2c3d4, false), 0],
  ['pcap, ns, little-endian', (packets) => pcap(packets, 0xa1b23c4d), 0],
  ['pcap, ns, big-endian', (packets) => pcap(packets, 0xa1b23c4d, false), 0],
  ['pcapng, µs, little-endian', (packets) => pcapng(packets), 0],
  ['pcapng, µs, big-endian', (packets) => pcapng(packets, false), 0],
  ['pcapng, ns, big-endian', (packets) => pcapng(packets, false, 9), 1],
  ['pcapng, 2^-20 s', (packets) => pcapng(packets, true, 0x80 | 20), 2],
];

describe.each(FORMATS)('%s', (_name, write, grainUs) => {
  it('gives every packet back with its time, however it is cut into chunks', () => {
    fc.assert(
      fc.property(PACKETS, fc.integer({ min: 1, max: 50 }), (packets, chunkBytes) => {
        const { packets: found, end } = read(write(packets), chunkBytes);
        expect(found.map(({ frame }) => frame)).toEqual(packets.map(({ frame }) => frame));
        found.forEach(({ epochUs }, index) => {
          expect(Math.abs(epochUs - packets[index].epochUs)).toBeLessThanOrEqual(grainUs);
        });
        expect(end).toMatchObject({ packets: packets.length, damage: null, isCut: false });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a capture that is not whole', () => {
  const file = pcapng([1, 2].map((number) => ({ epochUs: number * 1_000_000, frame: Buffer.alloc(20, number) })));

  it('is good up to where it is cut, and says so', () => {
    const ends = Array.from({ length: file.length }, (_, bytes) => read(file.subarray(0, bytes)).end);
    expect(ends.every(({ damage, isCut, bytes }, cutAt) => damage === null && isCut === bytes < cutAt)).toBe(true);
    expect(ends.at(-1)).toMatchObject({ packets: 1, isCut: true });
  });

  it.each([
    [0, 0x47, 0, 'a capture: pcapng (0a 0d 0d 0a) or pcap (d4 c3 b2 a1 and the like), got 47 0d 0d 0a'],
    [8, 0, 0, 'the byte order magic 1a 2b 3c 4d of a section, got 00 3c 2b 1a'],
    [12, 9, 0, 'version 1 of pcapng, got 9'],
    [32, 5, 28, 'a block of 12 to 16777216 bytes, a multiple of 4, got 5'],
  ])('with byte %i as %i ends at byte %i: expected %s', (at, value, bytes, damage) => {
    const damaged = Buffer.from(file);
    damaged[at] = value;
    expect(read(damaged).end).toMatchObject({ bytes, damage });
  });

  it('has no packet of an interface that it does not describe', () => {
    const head = Buffer.concat([sectionHeader('x', ''), interfaceDescription('eth', Buffer.alloc(6), Buffer.alloc(8))]);
    const packet = enhancedPacket({ interface: 1, epochUs: 0, outbound: true, frame: Buffer.alloc(4), comments: [] });
    expect(read(Buffer.concat([head, packet])).end).toMatchObject({
      bytes: head.length,
      damage: 'a packet of one of 1 interfaces, got one of number 1',
    });
  });
});

it('begins anew with each section, in its own byte order', () => {
  const one = [{ epochUs: 1_000_000, frame: Buffer.from('one') }];
  const two = [{ epochUs: 2_000_000, frame: Buffer.from('two') }];
  expect(read(Buffer.concat([pcapng(one), pcapng(two, false, 9)])).packets).toEqual([...one, ...two]);
});
