import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combinations } from '../sweep/study.ts';
import { Lattice } from './search-lattice.ts';

const GRID = [{ values: ['5s', '10s', '20s'] }, { values: ['none', 'full', 'equal'] }, { values: [0, 0.1] }];

function places(parameters: readonly { values: readonly unknown[] }[]): unknown[][] {
  return [...combinations(parameters)].map((indices) => indices.map((index, axis) => parameters[axis].values[index]));
}

it('steps to the next value of what has an order, to any other of what has none', () => {
  const cells = places(GRID);
  const at = cells.findIndex((cell) => cell.join() === '5s,full,0');
  expect(new Lattice(GRID).neighbours(at).map((cell) => cells[cell].join())).toEqual([
    '10s,full,0',
    '5s,none,0',
    '5s,equal,0',
    '5s,full,0.1',
  ]);
});

it('begins with every second value of what has an order, with the first of what has none', () => {
  const cells = places(GRID);
  expect(new Lattice(GRID).coarse().map((cell) => cells[cell].join())).toEqual(['10s,none,0.1']);
  expect(new Lattice([{ values: [1] }]).coarse()).toEqual([0]);
});

const grids = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  .map((lengths) => lengths.map((length) => ({ values: Array.from({ length }, (_, index) => `${index + 1}s`) })));

it('has neighbours on both sides of every step, and as many cells as the grid', () => {
  fc.assert(
    fc.property(grids, (parameters) => {
      const lattice = new Lattice(parameters);
      expect(lattice.size).toBe(places(parameters).length);
      for (let cell = 0; cell < lattice.size; cell++) {
        const neighbours = lattice.neighbours(cell);
        expect(new Set(neighbours).size).toBe(neighbours.length);
        for (const other of neighbours) expect(lattice.neighbours(other)).toContain(cell);
      }
    }),
  );
});

it('begins at most one step per parameter from every cell', () => {
  fc.assert(
    fc.property(grids, (parameters) => {
      const lattice = new Lattice(parameters);
      let reached = new Set(lattice.coarse());
      for (const _ of parameters) reached = new Set([...reached].flatMap((cell) => [cell, ...lattice.neighbours(cell)]));
      expect(reached.size).toBe(lattice.size);
    }),
  );
});
