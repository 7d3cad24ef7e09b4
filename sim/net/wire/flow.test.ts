import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_BOARDS } from '../../scenario/settings.ts';
import { boardOf, connectionOf, flowOf } from './flow.ts';

it('a flow names its board and connection, however large both are', () => {
  fc.assert(
    fc.property(fc.nat(MAX_BOARDS - 1), fc.nat(2 ** 32 - 1), (board, connection) => {
      const flow = flowOf(board, connection);
      expect([boardOf(flow), connectionOf(flow)]).toEqual([board, connection]);
      expect(Number.isSafeInteger(flow)).toBe(true);
    }),
  );
});

it("the flows of each board's first 131,072 connections fit 31 bits", () => {
  expect(flowOf(MAX_BOARDS - 1, 131_071)).toBeLessThan(2 ** 31);
});
