/**
 * What a document says of boards, completed: the device's config as the kind of their firmware has it, and
 * what only makes sense together.
 */
import { DEFAULT_CONFIG, type DeviceConfig } from 'firmware/config';
import { isMapping } from 'host/is-mapping';
import { energySettings } from '../../../board/energy/settings.ts';
import { PROFILES } from '../../../board/profiles/index.ts';
import type { BoardConfig } from '../../../board/runtime.ts';
import { runtimeOf } from '../../../board/runtimes/index.ts';
import { stationSettings } from '../../../net/wifi/station-settings.ts';
import type { BoardSettings, TlsMode } from '../../scenario.ts';
import { type BoardsDocument, DEFAULTS } from '../../settings.ts';
import { serverProblem, withTls } from '../../tls.ts';
import type { Problem } from '../problem.ts';

/**
 * @param layers what documents say of these boards, each over those before it
 * @returns paths of problems as seen from a layer
 */
export function resolveBoards(layers: readonly BoardsDocument[], tls: TlsMode): { boards: BoardSettings; problems: Problem[] } {
  const boards = { ...DEFAULTS.boards, ...Object.assign({}, ...layers) } as typeof DEFAULTS.boards & BoardsDocument;
  const { config, problems } = resolveConfig(layers, boards.firmware, tls);
  const message = serverProblem(config.server, tls, boards.device);
  if (message !== null) problems.push({ path: ['config', 'server'], message });
  const settings: BoardSettings = {
    ...(boards.client === undefined ? {} : { client: boards.client }),
    count: boards.count,
    firmware: boards.firmware,
    device: boards.device,
    config: forFleet(config),
    bootSpreadMs: boards.boot_spread,
    seedRandom: boards.seed_random,
    anyJavaScript: boards.any_javascript,
    station: stationSettings(boards),
    energy: energySettings(boards),
    clockDrift: boards.clock_drift,
  };
  return { boards: settings, problems: [...problems, ...languageProblems(settings)] };
}

/** Keys of the device's config that have a setting of their own, which wins. */
const CONFIG_SETTINGS = [
  ['keepalive', 'ping_interval_ms', ['board_ping_interval']],
  ['keepalive', 'ping_timeout_ms', ['board_ping_timeout']],
  ['backoff', 'kind', ['backoff', 'kind']],
  ['backoff', 'min_ms', ['backoff', 'min']],
  ['backoff', 'max_ms', ['backoff', 'max']],
  ['backoff', 'jitter', ['backoff', 'jitter']],
] as const;

function resolveConfig(layers: readonly BoardsDocument[], firmware: string, tls: TlsMode): { config: DeviceConfig; problems: Problem[] } {
  const origins = new Map<string, string[]>();
  const merged = layers.reduce<unknown>((under, layer) => mergeConfig(under, layer, origins), {});
  const { configOf } = runtimeOf(firmware);
  const { config, errors } = configOf(isMapping(merged) ? withTls(merged, tls, DEFAULT_CONFIG.server) : merged);
  const problems = errors.map((error): Problem => {
    const [, key = '', message = error] = /^([\w.-]+): (.*)$/s.exec(error) ?? [];
    // The parser calls the whole of it `config`.
    const keys = key === 'config' || key === '' ? [] : key.split('.');
    return { path: origins.get(key) ?? ['config', ...keys], message, isKey: message.startsWith('unknown key') };
  });
  return { config, problems };
}

/**
 * The config under a layer, with the layer's over it, and its settings over that.
 * @param origins by key of the config which setting it was
 */
function mergeConfig(under: unknown, layer: BoardsDocument, origins: Map<string, string[]>): unknown {
  // Not a mapping: the parser has words for that, and nothing could be put over it.
  if (layer.config !== undefined && !isMapping(layer.config)) return layer.config;
  if (!isMapping(under)) return under;
  const merged = over(under, layer.config ?? {});
  for (const [section, key, path] of CONFIG_SETTINGS) {
    const value = path.reduce<unknown>((at, part) => (isMapping(at) ? at[part] : undefined), layer);
    if (value === undefined || (merged[section] !== undefined && !isMapping(merged[section]))) continue;
    merged[section] = { ...(merged[section] as object), [key]: value };
    origins.set(`${section}.${key}`, [...path]);
  }
  // Who asks only for a long least wait has said nothing about the longest: it follows.
  const min = layer.backoff?.min;
  if (min !== undefined && isMapping(merged.backoff))
    merged.backoff = { max_ms: Math.max(min, DEFAULT_CONFIG.backoff.max_ms), ...merged.backoff };
  return merged;
}

function over(under: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...under };
  for (const [key, value] of Object.entries(own)) {
    const below = under[key];
    merged[key] = isMapping(below) && isMapping(value) ? over(below, value) : value;
  }
  return merged;
}

/**
 * Each board has an id of its own. The password opens nothing in a simulation, and a recording is made to be
 * passed on.
 */
function forFleet(config: DeviceConfig): BoardConfig {
  const { client_id: _, ...shared } = config;
  return { ...shared, wifi: { ...shared.wifi, password: DEFAULT_CONFIG.wifi.password } };
}

/** A device that is said to run anything must be one that does. */
function languageProblems({ anyJavaScript, device }: BoardSettings): Problem[] {
  if (!anyJavaScript || PROFILES[device].javascript === 'any') return [];
  return [{ path: ['any_javascript'], message: `no board runs any JavaScript: expected the device ideal with it, got ${device}` }];
}
