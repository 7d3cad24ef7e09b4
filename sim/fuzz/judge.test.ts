import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/cjs/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolve } from '../scenario/document/resolve.ts';
import { type Case, caseOf } from './case.ts';
import { findingOf, judge } from './judge.ts';

// Firmware is loaded by `require`, which knows TypeScript only where tsx runs the process.
register();

function fleetOf(app: string, more: object = {}): Case {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const firmware = join(folder, 'app.ts');
  writeFileSync(firmware, app);
  const { scenario } = resolve({ duration: 20_000, boards: { count: 2, firmware, device: 'ideal' } });
  if (scenario === null) throw new Error('not legal');
  return { ...caseOf(scenario), ...more };
}

describe('a case', () => {
  it('breaks nothing when the firmware does nothing', async () => {
    expect(await judge(fleetOf('export function app() {}'))).toEqual([]);
  });

  it('that goes round and round at one moment ends at its bound of events', async () => {
    const again = 'export function app(hal) { const again = () => hal.clock.setTimeout(again, 0); again(); }';
    expect(await judge(fleetOf(again), undefined, 20_000)).toEqual([{ name: 'endless', detail: 'more than 20000 events' }]);
  });

  it('that is not legal is not judged', async () => {
    expect(await judge(fleetOf('export function app() {}', { steps: [{ at: '21s', action: 'ap.down' }] }))).toBeNull();
  });

  it('in which the kit throws is a crash, told with its stack', () => {
    const { name, detail } = findingOf(new TypeError('of a board'));
    expect([name, detail]).toEqual(['crash', expect.stringMatching(/^TypeError: of a board\n {4}at .*judge\.test/)]);
  });
});
