/**
 * The blocks of a pcapng file taken apart again, as far as the kit writes them; throws where one does not end
 * as it began.
 */

export interface Block {
  type: number;
  body: Buffer;
}

export interface PacketBlock {
  interface: number;
  epochUs: number;
  frame: Buffer;
  outbound: boolean;
  comments: string[];
}

const PACKET = 6;
const PACKET_HEADER_BYTES = 20;

export function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32LE(at + 4);
    if (length % 4 !== 0 || file.readUInt32LE(at + length - 4) !== length) throw new Error(`a block that is not whole at ${at}`);
    blocks.push({ type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

export function packetsOf(file: Buffer): PacketBlock[] {
  return blocksOf(file)
    .filter(({ type }) => type === PACKET)
    .map(({ body }) => {
      const bytes = body.readUInt32LE(12);
      const options = optionsOf(body.subarray(PACKET_HEADER_BYTES + ((bytes + 3) & ~3)));
      return {
        interface: body.readUInt32LE(0),
        epochUs: body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8),
        frame: body.subarray(PACKET_HEADER_BYTES, PACKET_HEADER_BYTES + bytes),
        outbound: options.find(([code]) => code === 2)?.[1].readUInt32LE() === 2,
        comments: options.filter(([code]) => code === 1).map(([, value]) => value.toString()),
      };
    });
}

/** Up to the one that ends them. */
export function optionsOf(bytes: Buffer): [code: number, value: Buffer][] {
  const options: [number, Buffer][] = [];
  for (let at = 0; bytes.readUInt16LE(at) !== 0; ) {
    const length = bytes.readUInt16LE(at + 2);
    options.push([bytes.readUInt16LE(at), bytes.subarray(at + 4, at + 4 + length)]);
    at += 4 + ((length + 3) & ~3);
  }
  return options;
}
