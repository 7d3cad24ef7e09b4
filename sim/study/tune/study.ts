/**
 * The study that a tuning searches: a scenario, the settings that may be varied, and the metrics that goals
 * and objectives ask for.
 *
 * It is an ordinary study, written out as text, so that `sweep` can run the whole grid of what `tune` went
 * through in part.
 */
import { isMapping } from 'host/is-mapping';
import { parse, stringify } from 'yaml';
import { notSettable as notSettableBy, type Played, refusals } from '../../presets/limits.ts';
import { loadScenario } from '../../scenario/document/load.ts';
import { applyOverride, type Override } from '../../scenario/document/overrides.ts';
import type { SourceFolder } from '../../scenario/document/read-document.ts';
import { groupsOf } from '../../scenario/groups.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { loadStudy, type Study } from '../sweep/study.ts';
import { TUNE_SPACE } from './world.ts';

export interface TuneRequest {
  /** The scenario's file as messages shall show it. */
  file: string;
  text: string;
  folder: SourceFolder | null;
  /**
   * The names of a recorded link (`link.trace`) and of firmware from anywhere else than beside the scenario.
   */
  locateTrace(name: string): string;
  locateFirmware(name: string): string;
  /** Changes of the scenario. */
  overrides: readonly Override[];
  /** By path of the setting; empty: the scenario's own sweep, or without one the usual settings. */
  vary: Record<string, readonly unknown[]>;
  /** Most per cell; null: what the scenario's sweep says. */
  seeds: number | null;
  metrics: readonly string[];
}

/** `left`: why some of the usual settings are not tried, a sentence each. */
export type TuneStudyResult = { study: Study; text: string; left: string[]; errors: [] } | { study: null; errors: string[] };

const WITHOUT_GRID: Override = { text: 'sweep=null', path: ['sweep'], value: null };
const DEFAULT_SEEDS = 20;
/** Below three there is no interval to speak of. */
export const MIN_SEEDS = 3;
/** What the owner of boards and relay decides. The rest of a scenario is the world, which nobody can set. */
const SETTABLE =
  /^(relay\.(ws_)?(ping_interval|ping_timeout)$|relay\.duplicate_id$|boards\.(board_ping_interval|board_ping_timeout|backoff|config)\b)/;

export function makeTuneStudy(request: TuneRequest): TuneStudyResult {
  const { file, text, folder, locateTrace, locateFirmware, overrides, vary, seeds, metrics } = request;
  const scenario = loadScenario(file, text, [...overrides, WITHOUT_GRID], folder);
  if (scenario.scenario === null) return { study: null, errors: scenario.errors };

  const content = parse(text) as Record<string, unknown>;
  const own = isMapping(content.sweep) ? content.sweep : null;
  const isVaried = Object.keys(vary).length > 0;
  if (own !== null && !isVaried) {
    // Its errors have their place in the file, which the text below has not.
    const { study, errors } = loadStudy(file, text, null, folder);
    if (study === null) return { study: null, errors };
  }
  if (isMapping(content.boards) && typeof content.boards.firmware === 'string')
    content.boards.firmware = locateFirmware(content.boards.firmware);
  for (const override of overrides) applyOverride(content, override);
  const { space, left } = usualSpace(scenario.scenario);
  const usual = !isVaried && own === null;
  content.sweep = {
    parameters: isVaried ? vary : (own?.parameters ?? space),
    seeds: seeds ?? own?.seeds ?? DEFAULT_SEEDS,
    metrics,
  };
  if (isMapping(content.link) && typeof content.link.trace === 'string') content.link.trace = locateTrace(content.link.trace);
  const whole = stringify(content, { lineWidth: 0 });
  const { study, errors } = loadStudy(file, whole, null, folder);
  if (study === null) return { study: null, errors: errors.map((error) => error.replace(/^.*?: sweep\.parameters\./, '--vary ')) };
  if (study.seeds.length < MIN_SEEDS) return { study: null, errors: [`${file}: sweep.seeds: expected at least ${MIN_SEEDS} to tune by`] };
  const worldly = new Set(study.cells.flatMap(({ settings }) => settings.map((setting) => setting.split('=', 1)[0])));
  const refused = [...worldly].filter((path) => !SETTABLE.test(path));
  if (refused.length > 0) return { study: null, errors: refused.map(notSettable) };
  const impossible = [...new Set(study.cells.flatMap(({ scenario }) => playedIn(scenario).flatMap(refusals)))];
  if (impossible.length > 0) return { study: null, errors: impossible };
  return { study, text: whole, left: usual ? left : [], errors: [] };
}

/** The usual settings without those that the scenario's client and server do not have. */
function usualSpace({ boards, relay }: Scenario): { space: Record<string, readonly unknown[]>; left: string[] } {
  const cannot = notSettableBy(boards.client, relay.server);
  // A longest wait is none where each wait is the same.
  const isLeft = (path: string) =>
    Object.hasOwn(cannot, path) || (path === 'boards.backoff.max' && Object.hasOwn(cannot, 'boards.backoff.kind'));
  const space = Object.entries(TUNE_SPACE).filter(([path]) => !isLeft(path));
  const left = Object.entries(cannot).map(([path, why]) => `Not tried: ${path} (${why}).`);
  return { space: Object.fromEntries(space), left };
}

/** What a scenario plays of its clients and server, a group of boards each. */
export function playedIn(scenario: Scenario): Played[] {
  const { pingIntervalMs, pingTimeoutMs, server } = scenario.relay;
  const isGroup = scenario.fleet.length > 0;
  return groupsOf(scenario).map(({ boards }) => ({
    client: boards.client,
    server,
    behaviour: boards.config,
    relay: { pingIntervalMs, pingTimeoutMs },
    isGroup,
  }));
}

function notSettable(path: string): string {
  return `${path} cannot be tuned: expected settings of the relay or of the boards' config (relay.ping_…, relay.duplicate_id, boards.board_ping_…, boards.backoff…, boards.config.…); give others with --vary`;
}
