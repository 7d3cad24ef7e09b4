/**
 * A path that carries no packet above a size: a tunnel, PPPoE, a VPN between the access point and the relay.
 * The router before it drops what must not be fragmented and says so by ICMP (fragmentation needed, RFC
 * 1191); where a firewall swallows that, small messages pass and a large one is resent until the connection
 * is given up: a path-MTU black hole (RFC 2923).
 *
 * Which way it hits is the sender's affair. Linux sets DF, takes the ICMP, cuts what is under way anew and
 * remembers the path for ten minutes. lwIP sets no DF in IPv4 (ip4_output_if): what a board sends is
 * fragmented and passes. Not modelled: the bytes of the second header, the loss of one fragment, the loss of
 * the ICMP, tcp_mtu_probing (off by default).
 */
import { whole, yesNo } from '../../kernel/fields.ts';
import type { LinkRule } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import type { Packet, Way } from '../wire/packet.ts';

/** What every host takes (RFC 791), and Ethernet's own, bytes. */
const MIN_MTU = 576;
const MAX_MTU = 1_500;
/** WireGuard in IPv6, and PPPoE. */
const MIN_FUZZED_MTU = 1_280;
const MAX_FUZZED_MTU = 1_492;

export class Mtu implements Rule {
  private readonly bytes: number;
  private readonly onTooBig: ((packet: Packet) => void) | null;

  /**
   * @param bytes of the largest packet that passes @param onTooBig told of each that does not; null: nobody
   */
  constructor(bytes: number, onTooBig: ((packet: Packet) => void) | null) {
    this.bytes = bytes;
    this.onTooBig = onTooBig;
  }

  judge(packet: Packet): number {
    if (packet.wireBytes <= this.bytes) return 0;
    this.onTooBig?.(packet);
    return DROP;
  }
}

export const mtu = {
  place: 'relay',
  settings: {
    mtuBytes: {
      key: 'mtu',
      flag: 'mtu',
      about:
        'Largest packet that the path carries, bytes; larger ones of senders that set DF (the relay’s Linux, not a board’s lwIP) are dropped',
      field: whole(MIN_MTU, MAX_MTU),
      draw: (draw) => (draw.chance(0.15) ? draw.whole(MIN_FUZZED_MTU, MAX_FUZZED_MTU) : undefined),
    },
    mtuIcmp: {
      key: 'mtu_icmp',
      about: 'Whether ICMP tells the sender what would pass (true when it is not given); false: a path-MTU black hole',
      field: yesNo(),
      draw: (draw) => (draw.chance(0.3) ? draw.chance(0.5) : undefined),
    },
  },
  describe: ({ mtuBytes: bytes, mtuIcmp: isTold = true }) => {
    if (bytes === undefined) return null;
    const told = isTold ? 'and says so by ICMP' : 'and says nothing';
    return {
      label: 'MTU',
      value: `${bytes} bytes, ICMP ${isTold ? 'passes' : 'is swallowed'}`,
      clause: `drops packets of more than ${bytes} bytes that must not be fragmented ${told}`,
    };
  },
  create: ({ mtuBytes: bytes, mtuIcmp: isTold = true }, { dontFragment, onTooBig }) => {
    if (bytes === undefined) return null;
    const onWay = (way: Way) => (dontFragment[way] ? new Mtu(bytes, isTold ? (packet) => onTooBig(packet, way, bytes) : null) : null);
    return { up: onWay('up'), down: onWay('down') };
  },
} as const satisfies LinkRule<{ mtuBytes?: number; mtuIcmp?: boolean }>;
