/**
 * MQTT as the headers of its packets tell it (3.1.1 and 5): kind and length of each, and what CONNECT says of
 * its client. Topics and messages are skipped.
 */

export const CONNECT = 1;
export const CONNACK = 2;
export const PINGREQ = 12;
export const PINGRESP = 13;
export const DISCONNECT = 14;

export interface MqttConnect {
  clientId: string;
  /** 0: none. */
  keepaliveMs: number;
  hasWill: boolean;
}

/** Bits of a length in a byte, and the bit that says that another follows (MQTT 5, section 1.5.5). */
const LENGTH_BITS = 7;
const MORE = 0x80;
const MAX_LENGTH_BYTES = 4;
/** Of a CONNECT, as much as holds everything up to the client id. */
const MAX_CONNECT_BYTES = 1_024;
const KIND_SHIFT = 4;
const VERSION_5 = 5;
const WILL_FLAG = 0x04;
const MS_PER_S = 1_000;
const BYTE_RANGE = 256;

export interface MqttPacket {
  kind: number;
  /** Of CONNECT, if it can be read. */
  connect: MqttConnect | null;
}

/** One direction of a connection. Bytes come in any pieces. */
export class MqttReader {
  private header: number[] = [];
  private kind = 0;
  /** Of the packet that is being skipped or collected. */
  private left = 0;
  private body: string | null = null;
  /** Not MQTT: nothing is read any more. */
  private lost = false;

  /** @param bytes one character each @returns packets whose header is whole, and of CONNECT its body */
  read(bytes: string): MqttPacket[] {
    const packets: MqttPacket[] = [];
    let at = 0;
    while (at < bytes.length && !this.lost) {
      if (this.left > 0) at += this.take(bytes.slice(at, at + this.left), packets);
      else this.readHeader(bytes.charCodeAt(at++), packets);
    }
    return packets;
  }

  private take(piece: string, packets: MqttPacket[]): number {
    this.left -= piece.length;
    if (this.body === null) return piece.length;
    if (this.body.length < MAX_CONNECT_BYTES) this.body += piece.slice(0, MAX_CONNECT_BYTES - this.body.length);
    if (this.left === 0) {
      packets.push({ kind: CONNECT, connect: readConnect(this.body) });
      this.body = null;
    }
    return piece.length;
  }

  private readHeader(byte: number, packets: MqttPacket[]): void {
    this.header.push(byte);
    const { header } = this;
    if (header.length === 1) {
      this.kind = byte >> KIND_SHIFT;
      this.lost = this.kind === 0;
      return;
    }
    if (byte & MORE) {
      this.lost = header.length > MAX_LENGTH_BYTES;
      return;
    }
    this.left = header.slice(1).reduce((length, part, index) => length + (part & ~MORE) * 2 ** (LENGTH_BITS * index), 0);
    this.header = [];
    if (this.kind === CONNECT && this.left > 0) this.body = '';
    else packets.push({ kind: this.kind, connect: null });
  }
}

/** What stands in front of the client id (MQTT 3.1.1, section 3.1.2); null: not MQTT. */
function readConnect(body: string): MqttConnect | null {
  const word = (at: number) => body.charCodeAt(at) * BYTE_RANGE + body.charCodeAt(at + 1);
  const name = body.slice(2, 2 + word(0));
  if (name !== 'MQTT' && name !== 'MQIsdp') return null;
  const at = 2 + name.length;
  const [version, flags] = [body.charCodeAt(at), body.charCodeAt(at + 1)];
  // Properties of version 5: one byte of length says all that clients send here.
  const idAt = at + 4 + (version === VERSION_5 ? 1 + body.charCodeAt(at + 4) : 0);
  const clientId = body.slice(idAt + 2, idAt + 2 + word(idAt));
  return Number.isNaN(word(idAt)) ? null : { clientId, keepaliveMs: word(at + 2) * MS_PER_S, hasWill: (flags & WILL_FLAG) !== 0 };
}
