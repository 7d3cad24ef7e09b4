/** A capture of packets, from its file: plain or gzip, a chunk at a time, whatever its size. */
import { closeSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { openInput, readInto } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { PacketReader } from '../../field/packets/packet-reader.ts';
import { recordingOf } from '../../field/packets/read-packets.ts';
import type { FieldRecording } from '../../field/read-field.ts';

const CHUNK_BYTES = 1024 * 1024;
const GZIP = [0x1f, 0x8b];
/** What zlib says when there is no more of a stream that is not whole. */
const CUT = 'Z_BUF_ERROR';

/** @param ports of the servers whose connections are read; none: of all */
export async function readCapture(file: string, ports: readonly number[]): Promise<FieldRecording> {
  const reader = new PacketReader(ports);
  const chunks = chunksOf(file);
  const first = chunks.next();
  if (first.done) throw new UsageError(`${file}: byte 0: expected a capture (pcapng or pcap), the file is empty`);
  const isGzip = GZIP.every((byte, index) => first.value[index] === byte);
  const problem = isGzip ? await gunzip(first.value, chunks, reader) : null;
  if (!isGzip) pushAll(first.value, chunks, reader);
  return recordingOf(file, reader.finish(), problem);
}

/** Each is the same buffer, filled anew. */
function* chunksOf(file: string): Generator<Buffer> {
  const descriptor = openInput(file);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let size = readInto(file, descriptor, chunk); size > 0; size = readInto(file, descriptor, chunk)) yield chunk.subarray(0, size);
  } finally {
    closeSync(descriptor);
  }
}

function pushAll(first: Buffer, chunks: Iterable<Buffer>, reader: PacketReader): void {
  if (!reader.push(first)) return;
  for (const chunk of chunks) if (!reader.push(chunk)) return;
}

/** @returns why it cannot be unpacked to its end; null: it was */
async function gunzip(first: Buffer, chunks: Iterable<Buffer>, reader: PacketReader): Promise<string | null> {
  const unpacker = createGunzip({ chunkSize: CHUNK_BYTES });
  let problem: string | null = null;
  let isGood = true;
  unpacker.on('data', (chunk: Buffer) => {
    isGood = isGood && reader.push(chunk);
  });
  unpacker.on('error', (error) => {
    problem = gzipWords(error);
  });
  const closed = new Promise((resolve) => unpacker.once('close', resolve));
  // A chunk is filled anew, so each is waited for.
  const unpack = (chunk: Buffer) => new Promise<void>((resolve) => unpacker.write(chunk, () => resolve()));
  await unpack(first);
  for (const chunk of chunks) {
    if (problem !== null || !isGood) break;
    await unpack(chunk);
  }
  if (isGood) unpacker.end();
  else unpacker.destroy();
  await closed;
  return problem;
}

function gzipWords({ code, message }: NodeJS.ErrnoException): string {
  return code === CUT ? 'its gzip ends in the middle' : `its gzip cannot be unpacked further (${message})`;
}
