/** The same segment of TCP, wherever it was captured; and why there is none in what holds none. */
import { describe, expect, it } from 'vitest';
import * as LINK from '../format/link-types.ts';
import { ethernet, ipPacket } from '../testing/frames.ts';
import { Dissector, formatIp, reverseKey } from './segment.ts';

const PAYLOAD = Buffer.from('GET / HTTP/1.1');
const IPV4 = ipPacket({ payload: PAYLOAD, seq: 0xfffffff0 });
const IPV6 = ipPacket({ from: 'fe80::7', to: '2001:db8::1:0:0:1', payload: PAYLOAD, seq: 0xfffffff0 });

const sll = (packet: Buffer) => Buffer.concat([Buffer.alloc(14), Buffer.from([8, 0]), packet]);
const sll2 = (packet: Buffer) => Buffer.concat([Buffer.from([8, 0, 0, 0, 0, 0, 0, 3]), Buffer.alloc(12), packet]);
const snap = (packet: Buffer) => Buffer.concat([Buffer.from('aaaa030000000800', 'hex'), packet]);
/** Data to an access point, without QoS. */
const wifi = (packet: Buffer, second = 1) => Buffer.concat([Buffer.from([0x08, second]), Buffer.alloc(22), snap(packet)]);
const qos = (packet: Buffer, padding = 0) => Buffer.concat([Buffer.from([0x88, 1]), Buffer.alloc(24 + padding), snap(packet)]);
/** With its time, and flags. */
const radiotap = (flags: number, frame: Buffer) =>
  Buffer.concat([Buffer.from([0, 0, 18, 0, 3, 0, 0, 0]), Buffer.alloc(8), Buffer.from([flags, 0]), frame]);

const CASES: [name: string, linkType: number, frame: Buffer][] = [
  ['Ethernet', LINK.ETHERNET, ethernet(IPV4)],
  ['Ethernet with IPv6', LINK.ETHERNET, ethernet(IPV6)],
  ['Ethernet with padding', LINK.ETHERNET, Buffer.concat([ethernet(IPV4), Buffer.alloc(20)])],
  ['a VLAN', LINK.ETHERNET, ethernet(IPV4, [0x8100])],
  ['a VLAN in a VLAN', LINK.ETHERNET, ethernet(IPV4, [0x88a8, 0x8100])],
  ['Linux cooked', LINK.LINUX_SLL, sll(IPV4)],
  ['Linux cooked, version 2', LINK.LINUX_SLL2, sll2(IPV4)],
  ['raw IP', LINK.RAW, IPV4],
  ['raw IPv6', LINK.RAW, IPV6],
  ['BSD loopback', LINK.NULL, Buffer.concat([Buffer.from([2, 0, 0, 0]), IPV4])],
  ['macOS loopback with IPv6', LINK.NULL, Buffer.concat([Buffer.from([30, 0, 0, 0]), IPV6])],
  ['OpenBSD loopback', LINK.LOOP, Buffer.concat([Buffer.from([0, 0, 0, 2]), IPV4])],
  ['802.11', LINK.IEEE802_11, wifi(IPV4)],
  ['802.11 with QoS and radiotap', LINK.IEEE802_11_RADIOTAP, radiotap(0, qos(IPV4))],
  ['802.11 filled up behind its header', LINK.IEEE802_11_RADIOTAP, radiotap(0x20, qos(IPV4, 2))],
  [
    'IPv6 with an extension',
    LINK.RAW,
    ipPacket({ from: '::7', to: '::1', payload: PAYLOAD, seq: 0xfffffff0 }, [Buffer.from([6, 0, 1, 4, 0, 0, 0, 0])]),
  ],
];

function dissect(linkType: number, frame: Buffer) {
  const dissector = new Dissector();
  const unread = dissector.dissect({ data: frame, start: 0, end: frame.length, linkType, interface: 0, epochUs: 0 });
  return { unread, segment: dissector.segment };
}

describe('a segment', () => {
  it.each(CASES)('is found on %s', (_name, linkType, frame) => {
    const { unread, segment } = dissect(linkType, frame);
    expect(unread).toBeNull();
    expect(segment).toMatchObject({ fromPort: 50_000, toPort: 8000, seq: 0xfffffff0, flags: 0x10, payloadBytes: PAYLOAD.length });
    expect(segment.data.subarray(segment.start, segment.end)).toEqual(PAYLOAD);
  });

  it.each(CASES)('on %s is never taken for more than there is, wherever the frame is cut', (_name, linkType, frame) => {
    for (let bytes = 0; bytes < frame.length; bytes++) {
      const { unread, segment } = dissect(linkType, frame.subarray(0, bytes));
      if (unread === null) expect(segment.end - segment.start).toBeLessThanOrEqual(PAYLOAD.length);
    }
  });

  it('has its addresses, the same from either end', () => {
    const { segment } = dissect(LINK.RAW, IPV6);
    const back = dissect(LINK.RAW, ipPacket({ from: '2001:db8::1:0:0:1', to: 'fe80::7', fromPort: 8000, toPort: 50_000 })).segment;
    expect([segment.key.slice(0, 16), segment.key.slice(16, 32)].map(formatIp)).toEqual(['fe80::7', '2001:db8::1:0:0:1']);
    expect(reverseKey(segment)).toBe(back.key);
  });
});

describe('there is none', () => {
  const fragment = Buffer.from(IPV4);
  fragment[6] = 0x20;
  const udp = Buffer.from(IPV4);
  udp[9] = 17;
  it.each([
    ['encrypted', LINK.IEEE802_11, wifi(IPV4, 0x41)],
    ['not TCP', LINK.IEEE802_11, Buffer.concat([Buffer.from([0x80, 0]), Buffer.alloc(60)])],
    ['fragment', LINK.RAW, fragment],
    ['not TCP', LINK.RAW, udp],
    ['damaged', LINK.RAW, Buffer.alloc(60)],
    ['cut short', LINK.ETHERNET, ethernet(IPV4).subarray(0, 40)],
    ['unknown link', 9_999, IPV4],
  ])('where it is %s', (why, linkType, frame) => {
    expect(dissect(linkType, frame).unread).toBe(why);
  });
});
