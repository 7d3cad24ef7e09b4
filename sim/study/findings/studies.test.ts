/**
 * The kit's own studies: that they load, that what stands beside them in files is theirs, and that one runs
 * from end to end.
 */
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sim } from '../../cli/testing/capture.ts';
import { loadStudy, type Study } from '../sweep/study.ts';
import { duplicatePolicy } from './duplicate-policy.ts';
import { FINDINGS } from './index.ts';
import { withChapters, writeUp } from './write-up.ts';

const FOLDER = 'scenarios/studies';
const MAX_FIGURE_BYTES = 150_000;

/** Cells and seeds. */
const PLANS: Record<string, [cells: number, seeds: number]> = {
  'ping-interval-timeout': [24, 20],
  'loss-and-keepalive': [40, 20],
  'backoff-herd': [12, 5],
  rollout: [24, 20],
  'library-defaults': [18, 10],
  'duplicate-policy': [8, 20],
  'idle-timeout': [27, 10],
  'slow-reader': [27, 20],
  'power-save': [16, 20],
  'boards-per-ap': [36, 3],
  energy: [24, 5],
  'deep-sleep': [12, 5],
};

function load(name: string): Study {
  const file = join(FOLDER, `${name}.yaml`);
  const { study, errors } = loadStudy(file, readFileSync(file, 'utf8'), null, null);
  expect(errors).toEqual([]);
  return study as Study;
}

it('every study has its findings', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  expect(files.map((file) => file.replace('.yaml', '')).sort()).toEqual(Object.keys(PLANS).sort());
  expect(Object.keys(FINDINGS)).toEqual(Object.keys(PLANS));
});

describe.each(Object.entries(PLANS))('%s', (name, [cells, seeds]) => {
  it(`is ${cells} cells with ${seeds} seeds each, under its own name`, () => {
    const study = load(name);
    expect([study.base.name, study.cells.length, study.seeds.length]).toEqual([name, cells, seeds]);
  });

  it('has the table of these cells beside it, and the figures that the README shows', () => {
    const study = load(name);
    const lines = readFileSync(join(FOLDER, 'figures', `${name}.csv`), 'utf8')
      .trimEnd()
      .split('\r\n');
    const metrics = study.metrics.flatMap((metric) => [metric, `${metric}.low`, `${metric}.high`]);
    expect(lines[0]).toBe([...study.parameters.map((parameter) => parameter.name), ...metrics].join(','));
    expect(lines).toHaveLength(1 + cells);
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    for (const figure of FINDINGS[name].figures) {
      const path = `figures/${name}.${figure}.svg`;
      expect(readme).toContain(`(${path})`);
      expect(statSync(join(FOLDER, path)).size).toBeLessThan(MAX_FIGURE_BYTES);
    }
  });
});

it('a study runs from end to end: sweep, table, figures, chapter', async () => {
  const out = mkdtempSync(join(tmpdir(), 'squall-studies-'));
  const { exitCode } = await sim('sweep', `${FOLDER}/duplicate-policy.yaml`, '--seeds', '1', '--workers', '1', '--out', out, '--quiet');
  expect(exitCode).toBe(0);
  const table = JSON.parse(readFileSync(join(out, 'cells.json'), 'utf8'));
  const { chapter, files } = await writeUp(table, duplicatePolicy, 'figures');
  expect(chapter).toContain('![After an outage, boards are back after 8');
  expect(chapter).not.toMatch(/NaN|undefined/);
  expect(Object.keys(files)).toEqual(['duplicate-policy.mean-recovery_ms.svg', 'duplicate-policy.csv']);
  expect(files['duplicate-policy.mean-recovery_ms.svg']).toMatch(/^<svg[^>]*><title>After an outage/);
});

it('chapters replace what stands between the marks, and nothing else', () => {
  const text = 'a\n<!-- written by npm run studies -->\nold\n<!-- end -->\nb\n';
  expect(withChapters(text, ['one\n', 'two\n'])).toBe('a\n<!-- written by npm run studies -->\n\none\n\ntwo\n\n<!-- end -->\nb\n');
  expect(withChapters(withChapters(text, ['x']), ['one\n', 'two\n'])).toBe(withChapters(text, ['one\n', 'two\n']));
  expect(() => withChapters('no marks', [])).toThrow('expected the lines <!-- written by npm run studies --> and <!-- end -->');
});
