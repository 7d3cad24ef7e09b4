import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boardId } from './board-id.ts';
import { EVENT_CODES, EVENTS, type EventName, type TraceLevel, type WorldEvent, worldEvent } from './events.ts';
import { Trace } from './trace.ts';

const EVENT = worldEvent(1_234_567, 'message.sent', 6, 2, 'text', '', 4);

function eventWith(changes: Partial<WorldEvent>): WorldEvent {
  return { ...EVENT, ...changes, code: EVENT_CODES.get(changes.event ?? EVENT.event) as number };
}

function hashOf(events: WorldEvent[], trace = new Trace()): string {
  for (const event of events) trace.record(event);
  return trace.hash();
}

function linesAt(level: TraceLevel, record: (trace: Trace) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  record(new Trace(level, (line) => lines.push(line)));
  return lines.map((line) => JSON.parse(line));
}

const anyEvent: fc.Arbitrary<WorldEvent> = fc
  .record({
    atUs: fc.integer({ min: 0, max: 2 ** 45 }),
    event: fc.constantFrom(...(Object.keys(EVENTS) as EventName[])),
    board: fc.integer({ min: -1, max: 9999 }),
    connection: fc.nat(100_000),
    subject: fc.string(),
    detail: fc.string(),
    value: fc.double({ noNaN: true }),
  })
  .map(eventWith);

describe('the trace hash', () => {
  it('is the same for the same events', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        expect(hashOf(events)).toBe(hashOf(events.map((event) => ({ ...event }))));
      }),
    );
  });

  it('changes with the order of events', () => {
    const other = eventWith({ board: 7 });
    expect(hashOf([EVENT, other])).not.toBe(hashOf([other, EVENT]));
  });

  const changes: Partial<WorldEvent>[] = [
    { atUs: EVENT.atUs + 1 },
    { atUs: EVENT.atUs + 2 ** 32 },
    { event: 'message.received' },
    { board: -1 },
    { connection: 3 },
    { subject: 'texu' },
    { subject: '' },
    { detail: 'text' },
    { value: 5 },
    { value: 4.000000001 },
    { value: -4 },
  ];
  it.for(changes)('changes with %o', (change) => {
    expect(hashOf([eventWith(change)])).not.toBe(hashOf([EVENT]));
  });

  it('does not confuse where one text ends and the next begins', () => {
    expect(hashOf([eventWith({ subject: 'ab', detail: 'c' })])).not.toBe(hashOf([eventWith({ subject: 'a', detail: 'bc' })]));
  });

  it('tells apart long texts of different length that begin alike', () => {
    const long = 'x'.repeat(5000);
    expect(hashOf([eventWith({ detail: long })])).not.toBe(hashOf([eventWith({ detail: `${long}x` })]));
  });

  it.for([0, 1, 2, 3, 4, 5])('changes with number %i of a packet', (changed) => {
    const hash = (numbers: number[]): string => {
      const trace = new Trace();
      const [a, b, c, d, e, f] = numbers;
      trace.recordPacket(1000, 0, a, b, c, d, e, f);
      return trace.hash();
    };
    const numbers = [1, 16, 100, 200, 300, 400];
    expect(hash(numbers.map((number, index) => (index === changed ? 7 : number)))).not.toBe(hash(numbers));
  });

  it('covers what no level shows', () => {
    const withPin = new Trace('state', () => {});
    withPin.recordPin(5, 0, 2, 1);
    expect(hashOf([EVENT], withPin)).not.toBe(hashOf([EVENT]));
  });

  it('is the same at every level, with and without somebody who reads the lines', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        const plain = hashOf(events);
        for (const level of ['none', 'state', 'message', 'packet'] as const) {
          expect(hashOf(events, new Trace(level, () => {}))).toBe(plain);
          expect(hashOf(events, new Trace(level))).toBe(plain);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('does not depend on how the events fill its buffer', () => {
    const events = Array.from({ length: 30_000 }, (_, index) => eventWith({ atUs: index }));
    const last = eventWith({ atUs: 30_000 });
    const hash = hashOf([...events, last]);
    expect(hash).toBe(hashOf([...events, { ...last }]));
    expect(hash).not.toBe(hashOf([eventWith({ atUs: -1 }), ...events.slice(1), last]));
    expect(hash).not.toBe(hashOf(events));
  });

  it('is written as sha256: and 64 hexadecimal digits, however often it is asked for', () => {
    const trace = new Trace();
    trace.record(EVENT);
    const hash = trace.hash();
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(trace.hash()).toBe(hash);
  });
});

describe('the trace file', () => {
  const record = (trace: Trace): void => {
    trace.record(eventWith({ event: 'ws.open', subject: '', value: 0 }));
    trace.record(EVENT);
    trace.recordPacket(1500, 0, 1, 16, 100, 200, 300, -1);
  };
  const names = (level: TraceLevel) => linesAt(level, record).map((line) => line.event);

  it('holds what the level asks for and everything of the levels before it', () => {
    expect(names('none')).toEqual([]);
    expect(names('state')).toEqual(['ws.open']);
    expect(names('message')).toEqual(['ws.open', 'message.sent']);
    expect(names('packet')).toEqual(['ws.open', 'message.sent', 'packet']);
  });

  it('names the fields as the table of events does, with the time in milliseconds and the board by its id', () => {
    const [line] = linesAt('message', (trace) => trace.record(EVENT));
    expect(line).toEqual({ t: 1234.567, board: 'board-7', event: 'message.sent', connection: 2, kind: 'text', bytes: 4 });
  });

  it('names the fields of a packet', () => {
    const [line] = linesAt('packet', (trace) => trace.recordPacket(1500, 0, 1, 16, 100, 200, 300, -1));
    expect(line).toEqual({ t: 1.5, board: 'board-1', event: 'packet', up: 1, flags: 16, seq: 100, ack: 200, bytes: 300, delay_us: -1 });
  });

  it('leaves out what an event does not have', () => {
    const event = eventWith({ event: 'relay.up', board: -1, connection: 0, subject: '', value: 0 });
    expect(linesAt('state', (trace) => trace.record(event))).toEqual([{ t: 1234.567, event: 'relay.up' }]);
  });

  it('counts boards from 1', () => {
    expect(boardId(0)).toBe('board-1');
  });
});
