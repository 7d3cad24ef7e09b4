/**
 * Records: however TCP cuts them, what was written is what is read, and what is no TLS is said to be none.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT, APPLICATION_DATA, HANDSHAKE, RECORD_OVERHEAD_BYTES, RecordReader, type TlsRecord, writeRecords } from './records.ts';

const MAX_PAYLOAD_BYTES = 16_384;

const bytes = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((values) => Buffer.from(values).toString('latin1'));
const written = fc.record({ type: fc.constantFrom(ALERT, HANDSHAKE, APPLICATION_DATA), payload: bytes(300) });

function readAll(reader: RecordReader): TlsRecord[] {
  const records: TlsRecord[] = [];
  for (let record = reader.next(); record !== null; record = reader.next()) {
    if (record === 'not TLS') throw new Error('not TLS');
    records.push(record);
  }
  return records;
}

/** @param sizes of the pieces in turn, again and again */
function readInPieces(stream: string, sizes: readonly number[], sealed: boolean): TlsRecord[] {
  const reader = new RecordReader();
  reader.sealed = sealed;
  const records: TlsRecord[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length];
    reader.push(stream.substring(at, at + size));
    records.push(...readAll(reader));
    at += size;
  }
  return records;
}

it('any cut of the bytes gives the same records', () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(written, { maxLength: 8 }), fc.boolean(), pieces, (records, sealed, sizes) => {
      const stream = records.map(({ type, payload }) => writeRecords(type, payload, sealed)).join('');
      expect(readInPieces(stream, sizes, sealed)).toEqual(records);
    }),
  );
});

it.each([
  [MAX_PAYLOAD_BYTES, 1],
  [MAX_PAYLOAD_BYTES + 1, 2],
  [3 * MAX_PAYLOAD_BYTES, 3],
])('%i bytes take %i records, each with its overhead', (length, count) => {
  const payload = 'x'.repeat(length);
  const stream = writeRecords(APPLICATION_DATA, payload, true);
  expect(stream.length).toBe(length + count * RECORD_OVERHEAD_BYTES);
  const records = readInPieces(stream, [1_460], true);
  expect(records.map((record) => record.payload).join('')).toBe(payload);
  expect(records).toHaveLength(count);
});

describe('is no TLS', () => {
  it.each([
    ['an HTTP request', 'GET / HTTP/1.1\r\n', false],
    ['SSL 2', '\x16\x02\x00', false],
    ['more than a record may carry', '\x17\x03\x03\x40\x01', false],
    ['a protected record without room for its tag', '\x17\x03\x03\x00\x17', true],
  ])('%s', (_what, stream, sealed) => {
    const reader = new RecordReader();
    reader.sealed = sealed;
    reader.push(stream);
    expect(reader.next()).toBe('not TLS');
  });

  it('what does not begin with a type of record, as soon as its first byte is there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (first) => {
        const reader = new RecordReader();
        reader.push(String.fromCharCode(first));
        expect(reader.next()).toBe(first >= 20 && first <= 23 ? null : 'not TLS');
      }),
    );
  });
});
