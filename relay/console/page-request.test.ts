import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRequest } from './page-request.ts';

it.each([
  { type: 'history', id: 'board-1' },
  { type: 'weather', ids: null, change: { lossRate: 0.3, latencyMs: 200, blackhole: false } },
  { type: 'weather', ids: ['board-1', 'board-2'], change: { blackhole: true } },
  { type: 'undo' },
  { type: 'netstat', id: 'board-1' },
  { type: 'kick', id: 'board-1' },
  { type: 'reset', id: 'board-1' },
  { type: 'restart', id: '' },
])('reads %j', (request) => {
  expect(readRequest(JSON.stringify(request))).toEqual(request);
});

it.each([
  ['nonsense', 'expected a JSON object'],
  ['[]', 'expected a JSON object'],
  ['{"type":"reboot"}', 'type: expected one of history, weather, undo, netstat, kick, reset, restart'],
  ['{"type":"toString"}', 'type: expected one of history, weather, undo, netstat, kick, reset, restart'],
  ['{"type":"kick","id":["board-1"]}', 'id: expected the id of a client'],
  ['{"type":"netstat"}', 'id: expected the id of a client'],
  ['{"type":"kick"}', 'id: expected the id of a client'],
  ['{"type":"history","id":"<b>"}', 'id: expected the id of a client'],
  ['{"type":"weather","ids":[],"change":{"blackhole":true}}', 'ids: expected null for all boards, or 1 to 1000 ids'],
  ['{"type":"weather","ids":null,"change":{}}', 'change: expected some of lossRate, latencyMs, blackhole'],
  ['{"type":"weather","ids":null,"change":{"lossRate":1.5}}', 'change: lossRate: expected a number from 0 to 1'],
  ['{"type":"weather","ids":null,"change":{"toString":1}}', 'change: expected nothing but lossRate, latencyMs, blackhole'],
])('answers %s with what was expected', (text, expected) => {
  expect(readRequest(text)).toBe(expected);
});

it('never throws, whatever comes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(readRequest(text)).toBeTypeOf('string');
    }),
  );
});
