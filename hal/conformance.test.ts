/**
 * The conformance cases on a backend in memory: all pass on the sound one, and each fails on every one that
 * breaks its sentence.
 */
import { describe, expect, it } from 'vitest';
import { CONFORMANCE, type Rig, runCase } from './conformance.ts';
import type { Damage } from './testing/damage.ts';
import { DEFECTS } from './testing/defects/index.ts';
import { makeMemoryRig } from './testing/memory-rig.ts';

async function damagedRig(damage: Damage): Promise<Rig> {
  const rig = await makeMemoryRig();
  damage(rig);
  return rig;
}

describe('on a sound backend', () => {
  it.for(CONFORMANCE)('$name', async (testCase) => {
    expect(await runCase(testCase, makeMemoryRig)).toBe(true);
  });
});

describe.for(CONFORMANCE)('does not pass: $name', (testCase) => {
  const defects = Object.entries(DEFECTS[testCase.name] ?? {});

  it('has a defect that breaks it', () => {
    expect(defects).not.toEqual([]);
  });

  it.for(defects)('when %s', async ([, damage]) => {
    await expect(runCase(testCase, () => damagedRig(damage))).rejects.toThrow();
  });
});

it('every defect stands under the name of a case', () => {
  const names = CONFORMANCE.map(({ name }) => name);
  expect(Object.keys(DEFECTS).filter((name) => !names.includes(name))).toEqual([]);
});

it('a case whose need the rig does not meet is left out, not passed', async () => {
  const withoutStop = async () => Object.assign(await makeMemoryRig(), { stop: undefined });
  const outcomes = await Promise.all(CONFORMANCE.map(async (testCase) => [testCase.needs, await runCase(testCase, withoutStop)]));
  expect(outcomes.filter(([, ran]) => !ran)).toEqual([['stop', false]]);
});
