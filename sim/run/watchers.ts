/** All that watches a world: what is measured of it, its checks, and what its steps expect. */
import { ByGroup } from '../measure/by-group.ts';
import { CHECKS } from '../measure/checks/index.ts';
import { Collector, type MeasureSettings } from '../measure/collector.ts';
import { Expectations } from '../measure/expectations.ts';
import type { CheckResult } from '../measure/result.ts';
import { type Chance, createFaults, type Faults } from '../scenario/faults.ts';
import { groupByBoard, groupsOf } from '../scenario/groups.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Controls } from '../world/controls/controls.ts';
import type { World } from '../world/world.ts';
import { AirWatch } from './air-watch.ts';
import { EnergyWatch } from './energy-watch.ts';

export interface Watchers {
  collector: Collector;
  /** null: all boards are alike. */
  byGroup: ByGroup | null;
  /** null: each board has an air of its own. */
  air: AirWatch | null;
  energy: EnergyWatch;
  checks(): CheckResult[];
  faults: Faults<Controls>;
}

/** Nothing happens before the world starts. @param expects steps may expect something */
export function watch(scenario: Scenario, expects: boolean, world: World, chance: Chance): Watchers {
  const groups = groupsOf(scenario);
  const settings: MeasureSettings = {
    boards: scenario.boards.count,
    durationMs: scenario.durationMs,
    relayPingTimeoutMs: scenario.relay.pingTimeoutMs,
    boardPingTimeoutsMs: groupByBoard(scenario).map(({ boards }) => boards.config.keepalive.ping_timeout_ms),
  };
  const collector = new Collector(settings);
  const byGroup = scenario.fleet.length === 0 ? null : new ByGroup(groups, settings, (board) => world.timersRun(board));
  const checks = scenario.checks.map((name) => CHECKS[name].create(scenario));
  const expectations = new Expectations({
    boards: scenario.boards.count,
    nowUs: () => world.kernel.nowUs,
    later: (callback, ms) => void world.scheduler.schedule(callback, ms),
    pwmOf: (board, pin) => world.controls.board(board).pwmOf(pin),
    pinLevel: (board, pin) => world.controls.board(board).pinLevel(pin),
    watchPins: (board, listener) => world.controls.board(board).watchPins(listener),
  });
  // One subscription for all of them: a fleet makes millions of events, and each subscriber of its own would
  // cost every one of them.
  const pingTimeoutOf = (name: string): number | undefined =>
    groups.find((group) => group.name === name)?.boards.config.keepalive.ping_timeout_ms;
  world.events$.subscribe((event) => {
    if (event.event === 'board.update')
      settings.boardPingTimeoutsMs[event.board] = pingTimeoutOf(event.subject) ?? settings.boardPingTimeoutsMs[event.board];
    collector.on(event);
    byGroup?.on(event);
    for (const check of checks) check.on(event);
    if (expects) expectations.on(event);
  });
  const faults = createFaults(world.controls, (boards, expectation) => expectations.begin(boards, expectation), chance);
  const air = world.air && new AirWatch(world.air, scenario.durationMs);
  const energy = new EnergyWatch(world, scenario);
  return {
    collector,
    byGroup,
    air,
    energy,
    checks: () => [...checks.map((check) => check.finish(world.kernel.nowUs)), ...expectations.finish()],
    faults,
  };
}
