/**
 * Updates over the air in worlds: what becomes of boards, images and metrics; each moment of a power cut is
 * in firmware/ota.
 */
import { app as echo } from 'firmware/apps/echo';
import { app as updatable } from 'firmware/apps/updatable';
import type { FirmwareApp } from 'firmware/boot';
import { BOOT_TRIES_MAX, CONFIRM_WITHIN_MS } from 'firmware/ota/boot-record';
import { expect, it } from 'vitest';
import { Run } from '../run/run.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import type { Scenario } from '../scenario/scenario.ts';

const BASE = {
  version: 1,
  duration: '30m',
  air: 'private',
  relay: { mode: 'echo', duplicate_id: 'takeover' },
  boards: { count: 4, boot_spread: '2s' },
  fleet: { old: {}, new: { share: 0 } },
  checks: ['always-bootable', 'no-uncaught-error', 'converges-after-heal'],
};
const OFFER = { at: '1m', action: 'board.update', to: 'new', over: 'air', size: 10_000 };

async function play(changes: Record<string, unknown>, programs: readonly FirmwareApp[] = [updatable, updatable]) {
  const { scenario, problems } = readDocument(structuredClone({ ...BASE, ...changes }), []);
  expect(problems).toEqual([]);
  const one = await Run.open(scenario as Scenario, programs);
  const groups: [s: number, board: number, group: string, why: string][] = [];
  one.world.events$.subscribe(({ event, board, atUs, subject, detail }) => {
    if (event === 'board.update') groups.push([Math.floor(atUs / 1e6), board, subject, detail]);
  });
  return one.supervised(async () => {
    one.start();
    await one.advance((scenario as Scenario).durationMs);
    const { summary } = one.result(await one.end());
    expect(summary.checks.map(({ name, ok }) => [name, ok])).toEqual((scenario as Scenario).checks.map((name) => [name, true]));
    return { groups, metrics: summary.metrics, hash: summary.trace_hash };
  });
}

it('reach every board that is offered one, once, and the same in every run', async () => {
  const { groups, metrics, hash } = await play({ steps: [OFFER] });
  expect(groups.map(([, board, group]) => [board, group]).sort()).toEqual([0, 1, 2, 3].map((board) => [board, 'new']));
  expect(metrics).toMatchObject({ updates: 4, update_rollbacks: 0, update_bytes: 40_000, update_ms: { count: 4 } });
  expect((await play({ steps: [OFFER] })).hash).toBe(hash);
});

it('wait for a board that is away, and go on where the link or the relay broke', async () => {
  const steps = [
    { at: '50s', action: 'board.power_cycle', boards: 'board-1', for: '2m' },
    OFFER,
    { at: '60100ms', action: 'link.blackhole', boards: 'board-2', for: '1m' },
    { at: '60200ms', action: 'relay.restart', for: '10s' },
  ];
  const { metrics } = await play({ steps });
  expect(metrics).toMatchObject({ updates: 4, update_rollbacks: 0 });
  expect(metrics.update_bytes as number).toBeLessThan(44_000);
});

it('are taken back when the new firmware does not reach its channel, three times at most', async () => {
  const mute: FirmwareApp = (hal) => hal.log.line('what is a channel?');
  const steps = [{ ...OFFER, boards: 'board-1' }];
  const { groups, metrics } = await play({ steps, checks: ['always-bootable'] }, [updatable, mute]);
  expect(groups.map(([, , group, why]) => [group, why])).toEqual(
    Array.from({ length: BOOT_TRIES_MAX }, () => [
      ['new', ''],
      ['old', 'rolled_back'],
    ]).flat(),
  );
  const tried = groups.filter(([, , group]) => group === 'new').map(([s]) => s);
  const back = groups.filter(([, , group]) => group === 'old').map(([s]) => s);
  for (const [index, s] of back.entries()) expect(s - tried[index]).toBeGreaterThanOrEqual(CONFIRM_WITHIN_MS / 1_000);
  expect(metrics).toMatchObject({ updates: 0, update_rollbacks: 3, 'update_rollbacks.new': 3, update_bytes: 10_000 });
});

it('mean nothing to firmware that has no updater, and a cable undoes them', async () => {
  expect((await play({ steps: [OFFER] }, [echo, updatable])).groups).toEqual([]);
  const cable = { at: '10m', action: 'board.update', boards: 'board-1', to: 'old' };
  const { groups, metrics } = await play({ steps: [{ ...OFFER, boards: 'board-1' }, cable, { at: '15m', action: 'board.reset' }] });
  expect(groups.map(([, , group]) => group)).toEqual(['new', 'old']);
  expect(metrics.updates).toBe(2);
});
