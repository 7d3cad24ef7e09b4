import { expect, it } from 'vitest';
import { loadStudy } from './study.ts';
import { tableOf, toCsv } from './table.ts';

const TEXT =
  'version: 1\nsweep: { parameters: { boards.backoff: [{ kind: fixed, min: 2s }, "a"], link.loss: [0] }, seeds: 2, metrics: [connects, mean(detect_ms)] }';

it('a table has a row per cell with mean, low and high, empty where nothing was sampled', () => {
  const { study } = loadStudy('s.yaml', TEXT.replace('"a"', 'fixed'), null, null);
  if (study === null) throw new Error('not legal');
  const table = tableOf(study, 'again', ({ cell, seed }) => ({
    values: [seed === 1 ? 10 : 12, cell === 0 && seed === 1 ? 5 : null],
    broken: seed === 1 ? ['one-session-per-id'] : [],
    missed: [],
  }));
  expect(toCsv(table).split('\r\n')).toEqual([
    'boards.backoff,link.loss,connects,connects.low,connects.high,mean(detect_ms),mean(detect_ms).low,mean(detect_ms).high',
    '"{ kind: fixed, min: 2s }",0,11,-1.706204736,23.70620474,5,,',
    'fixed,0,11,-1.706204736,23.70620474,,,',
    '',
  ]);
  expect(table.cells[0].broken).toEqual({ 'one-session-per-id': 1 });
});
