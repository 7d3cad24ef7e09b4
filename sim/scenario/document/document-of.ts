/**
 * A scenario written out as a document that says everything: the header of a recording, and what a digest of
 * the settings is made of.
 *
 * Reading it back (schema.ts, resolve.ts) gives the same scenario.
 */
import { DEFAULT_ENERGY_VALUES, energyValues } from '../../board/energy/settings.ts';
import type { Field } from '../../kernel/fields.ts';
import { balancerValues } from '../../net/balancer/settings.ts';
import { LINK_FIELDS, linkValues } from '../../net/link/settings.ts';
import { DEFAULT_STATION_VALUES, stationValues } from '../../net/wifi/station-settings.ts';
import { escapeVariables } from '../language/variables.ts';
import type { AirSettings, FleetGroup, Scenario, Step } from '../scenario.ts';
import { withoutSecrets } from '../secrets.ts';
import { AIR_SECTION_FIELDS, BOARD_FIELDS, DEFAULTS, GROUP_FIELDS, HEADER_FIELDS, RELAY_FIELDS, STEP_FIELDS } from '../settings.ts';
import { actionOf } from '../steps/known.ts';
import { writeTarget } from '../target.ts';

/** Plain JSON, keys always in the same order. */
export function documentOf(scenario: Scenario): Record<string, unknown> {
  const { name, about, seed, durationMs, tls, relay, boards, link, fleet, balancer, aps } = scenario;
  return escapeVariables({
    version: 1,
    ...write(HEADER_FIELDS, { name, about, seed, duration: durationMs, aps, ...(tls === 'none' ? {} : { tls }) }),
    relay: write(RELAY_FIELDS, {
      ...(relay.server === undefined ? {} : { server: relay.server }),
      ping_interval: relay.pingIntervalMs,
      ping_timeout: relay.pingTimeoutMs,
      duplicate_id: relay.duplicateId,
      mode: relay.mode,
      ...(relay.backlog === DEFAULTS.relay.backlog ? {} : { backlog: relay.backlog }),
      ...(relay.acceptMs === DEFAULTS.relay.accept_time ? {} : { accept_time: relay.acceptMs }),
    }),
    boards: {
      ...write(BOARD_FIELDS, {
        ...(boards.client === undefined ? {} : { client: boards.client }),
        count: boards.count,
        firmware: boards.firmware,
        device: boards.device,
        boot_spread: boards.bootSpreadMs,
        seed_random: boards.seedRandom,
        ...(boards.anyJavaScript ? { any_javascript: true } : {}),
        ...unusual(stationValues(boards.station), DEFAULT_STATION_VALUES),
        ...unusual(energyValues(boards.energy), DEFAULT_ENERGY_VALUES),
        ...(boards.clockDrift === 'none' ? {} : { clock_drift: boards.clockDrift }),
      }),
      config: withoutSecrets({ ...boards.config }),
    },
    link: write(LINK_FIELDS, linkValues(link)),
    ...(fleet.length === 0 ? {} : { fleet: Object.fromEntries(fleet.map((group) => [group.name, groupDocument(group)])) }),
    ...(balancer === null ? {} : { balancer: balancerValues(balancer) }),
    air: airDocument(scenario.air),
    steps: scenario.steps.map(stepDocument),
    checks: scenario.checks,
    thresholds: scenario.thresholds,
  });
}

/** All of it: what is as nobody has it may not be so in `boards:`. */
function groupDocument({ size, boards, link, ap }: FleetGroup): Record<string, unknown> {
  return {
    ...write(GROUP_FIELDS, {
      ...size,
      ...(ap === null ? {} : { ap }),
      ...(boards.client === undefined ? {} : { client: boards.client }),
      firmware: boards.firmware,
      device: boards.device,
      boot_spread: boards.bootSpreadMs,
      seed_random: boards.seedRandom,
      any_javascript: boards.anyJavaScript,
      ...stationValues(boards.station),
      ...energyValues(boards.energy),
      clock_drift: boards.clockDrift,
    }),
    config: withoutSecrets({ ...boards.config }),
    link: write(LINK_FIELDS, linkValues(link)),
  };
}

/** What is not as it is when nobody says anything. */
function unusual<T extends object>(values: T, usual: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== usual[key as keyof T])) as Partial<T>;
}

function airDocument(air: AirSettings | null): unknown {
  if (air === null) return 'private';
  const { neighbours, hidden, slowStation, apQueue, aggregate } = air;
  return write(AIR_SECTION_FIELDS, { neighbours, hidden, slow_station: slowStation, ap_queue: apQueue, aggregate });
}

function stepDocument(step: Step): Record<string, unknown> {
  const { targeted, lasts, parameters } = actionOf(step);
  const lastsMs = step.forDrawn ?? step.forMs;
  return {
    ...write(STEP_FIELDS, { at: step.atMs }),
    action: step.action,
    ...(targeted ? { boards: writeTarget(step.target) } : {}),
    ...(lasts === 'never' || lastsMs === 0 ? {} : write(STEP_FIELDS, { for: lastsMs })),
    ...(step.every === undefined ? {} : write(STEP_FIELDS, { every: step.every })),
    ...(step.times === undefined ? {} : { times: step.times }),
    ...write(parameters, step.parameters),
  };
}

function write(fields: Record<string, Field<unknown>>, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fields[key].write(value)]));
}
