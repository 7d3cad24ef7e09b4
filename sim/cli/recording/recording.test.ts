import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../testing/scratch.ts';
import { readRecording, recordedEvents } from './recording.ts';
import { TraceComparison } from './trace-comparison.ts';

const HASH = `sha256:${'0'.repeat(64)}`;
const HEADER = {
  format: 'squall-trace',
  version: 1,
  kit: '0.1.0',
  node: process.version,
  level: 'state',
  scenario: { version: 1, name: 'größe' },
};
const EVENTS = [
  '{"t":1.5,"board":"board-1","event":"board.boot","count":1}',
  '{"t":2,"event":"board.log","line":"ä\\n"}',
  '{"t":3,"event":"run.drain"}',
];
const END = JSON.stringify({ t: 4, event: 'run.end', trace_hash: HASH });
const WHOLE = `${[JSON.stringify(HEADER), ...EVENTS, END].join('\n')}\n`;

function read(content: string | Uint8Array) {
  return readRecording(scratch().write('r.jsonl', content));
}

describe('a recording', () => {
  it('has its header, its events and its hash', () => {
    const recording = read(WHOLE);
    expect(recording).toMatchObject({ header: HEADER, events: 3, hash: HASH });
    expect([...recordedEvents(recording)]).toEqual(EVENTS.map((text, index) => ({ number: index + 2, text, ended: true })));
  });

  it('that is cut off after any byte is good up to its last whole line', () => {
    const bytes = Buffer.from(WHOLE);
    const headerBytes = Buffer.byteLength(JSON.stringify(HEADER));
    const file = scratch();
    for (let length = 0; length < bytes.length; length++) {
      const path = file.write('r.jsonl', bytes.subarray(0, length));
      if (length < headerBytes) {
        expect(() => readRecording(path)).toThrow(
          length === 0 ? 'r.jsonl: the file is empty; expected a recording' : /r\.jsonl:1: not a recording; expected a first line/,
        );
        continue;
      }
      const recording = readRecording(path);
      // A line is whole with its last brace; what is missing then is only the line feed.
      const whole = bytes.toString('utf8', headerBytes, length).match(/\}(?=\n|$)/g)?.length ?? 0;
      const hasEnd = length >= bytes.length - 1;
      expect(recording).toMatchObject({ events: Math.min(whole, 3), hash: hasEnd ? HASH : null });
      expect([...recordedEvents(recording)].map(({ text }) => text)).toEqual(EVENTS.slice(0, recording.events));
    }
  });

  it.each([
    ['r.jsonl:1: not a recording; expected a first line {"format":"squall-trace","version":1,…}, got "hello"', 'hello\n'],
    ['r.jsonl:1: not a recording; expected a first line {"format":"squall-trace","version":1,…}, got "{\\"t\\":1}"', '{"t":1}\n'],
    ['r.jsonl:1: version: expected 1, got 2', JSON.stringify({ ...HEADER, version: 2 })],
    ['r.jsonl:1: level: expected one of state, message, packet, got "none"', JSON.stringify({ ...HEADER, level: 'none' })],
    ['r.jsonl:1: scenario: expected the settings that made the recording', JSON.stringify({ ...HEADER, scenario: null })],
    [
      'r.jsonl:3: expected an event such as {"t":1234.567,"event":"ws.open"}, got "garbage"',
      `${JSON.stringify(HEADER)}\n${EVENTS[0]}\ngarbage\n${END}\n`,
    ],
    ['r.jsonl:2: expected an event such as {"t":1234.567,"event":"ws.open"}, got ""', `${JSON.stringify(HEADER)}\n\n${END}\n`],
    ['r.jsonl:2: run.end without a trace_hash (sha256:…)', `${JSON.stringify(HEADER)}\n{"t":4,"event":"run.end"}\n`],
    ['r.jsonl:3: expected nothing after run.end', `${JSON.stringify(HEADER)}\n${END}\n${EVENTS[0]}\n`],
    ['r.jsonl:1: a line of more than 4194304 bytes; expected a recording', new Uint8Array(5 * 1024 * 1024)],
  ])('is refused: %s', (message, content) => {
    expect(() => read(content)).toThrow(message);
  });

  it('never fails in another way, whatever the file holds', () => {
    const file = scratch();
    const chunk = fc.oneof(fc.constantFrom(...EVENTS, END, JSON.stringify(HEADER), '\n', '{', 'null\n', '[]\n', '1\n'), fc.string());
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
        const path = file.write('r.jsonl', chunks.join(''));
        try {
          readRecording(path);
        } catch (error) {
          expect((error as Error).name).toBe('UsageError');
        }
      }),
    );
  });
});

describe('the comparison with a recording', () => {
  function compare(content: string, lines: readonly string[], hash = HASH): string | null {
    const comparison = new TraceComparison(read(content));
    for (const line of lines) comparison.onLine(line);
    return comparison.finish(hash)?.replace(/^.*r\.jsonl/, 'r.jsonl') ?? null;
  }

  it('finds nothing when the run is the same, though the recording was reformatted', () => {
    expect(compare(WHOLE, EVENTS)).toBeNull();
    expect(compare(WHOLE.replaceAll('":', '": '), EVENTS)).toBeNull();
  });

  it('names the first event that differs', () => {
    const now = ['{"t":1.5,"board":"board-1","event":"board.boot","count":2}', '{"t":9,"event":"x"}', EVENTS[2]];
    expect(compare(WHOLE, now)).toBe(
      `r.jsonl:2: the run differs from its recording at 1.5 ms on board-1:\n  recorded  ${EVENTS[0]}\n  now       ${now[0]}`,
    );
  });

  it('names an event that one of them lacks', () => {
    expect(compare(WHOLE, EVENTS.slice(0, 2))).toBe(
      `r.jsonl:4: the run differs from its recording at 3 ms:\n  recorded  ${EVENTS[2]}\n  now       the end of the run`,
    );
    expect(compare(WHOLE, [...EVENTS, '{"t":5,"event":"x"}'])).toBe(
      'r.jsonl:5: the run differs from its recording at 5 ms:\n  recorded  the end of the run\n  now       {"t":5,"event":"x"}',
    );
  });

  it('says where to look when only the hash differs', () => {
    const other = `sha256:${'1'.repeat(64)}`;
    expect(compare(WHOLE, EVENTS, other)).toBe(
      `r.jsonl: all 3 recorded events are the same, but trace_hash is not: the difference lies below the recorded level (state). Record with --trace packet to see where.\n  recorded  ${HASH}\n  now       ${other}`,
    );
  });

  it('ends where a recording was cut off', () => {
    const cut = WHOLE.slice(0, WHOLE.indexOf(EVENTS[1]) + 5);
    expect(compare(cut, EVENTS, 'another hash')).toBeNull();
    expect(compare(cut, [EVENTS[1]])).toContain('r.jsonl:2: the run differs');
  });

  it('says so when the recording comes from another Node', () => {
    expect(compare(WHOLE.replace(process.version, 'v1.2.3'), [])).toContain(`It was recorded on Node v1.2.3; this is ${process.version}`);
  });
});
