/**
 * `npx tsx sim proxy`: the kit's weather between real devices and a real relay, until Ctrl-C (exit 0, as of
 * any server) or a second one (130).
 */
import { type Command, choiceFlag, listFlag, readCommandLine, switchFlag, valueFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { createRealClock } from 'relay/server/real-clock';
import { WorldScheduler } from '../../kernel/scheduler.ts';
import { changedLink, LINK_FLAGS, type LinkFlag } from '../../net/link/settings.ts';
import {
  ADDRESS_EXPECTED,
  type Address,
  formatAddress,
  isLoopback,
  parseAddress,
  parseUpstream,
  UPSTREAM_EXPECTED,
} from '../../proxy/address.ts';
import { openControl } from '../../proxy/control/server.ts';
import { countsDocument, describeCounts, describePlan } from '../../proxy/describe.ts';
import { LinkProxy, type ProxySettings } from '../../proxy/proxy.ts';
import { proxyControls, stepProblems } from '../../proxy/steps.ts';
import { loadScenario } from '../../scenario/document/load.ts';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';
import { drawnSteps } from '../../scenario/drawn-steps.ts';
import { createFaults } from '../../scenario/faults.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { PROXY_ACTIONS } from '../../scenario/steps/index.ts';
import { playTimeline, prepareSteps } from '../../scenario/timeline.ts';
import { folderOfFile } from '../../sources/folder-of-file.ts';
import { toJson } from '../execute.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readScenario } from '../files/scenario-file.ts';
import { type GivenSetting, SETTING_FLAGS, scenarioOf } from '../flags/setting-flags.ts';
import { interruptible } from '../interrupt.ts';
import type { Io } from '../io.ts';

/** A secret that is shorter can be guessed over a network. */
const MIN_TOKEN_CHARACTERS = 16;
const MS_PER_S = 1_000;

/** Of the flags of a run those that say what the links are like. */
const WEATHER_FLAGS = Object.fromEntries(
  [...LINK_FLAGS.map(({ flag }) => flag), 'balancer' as const, 'seed' as const].map((name) => [name, SETTING_FLAGS[name]]),
) as Pick<typeof SETTING_FLAGS, LinkFlag | 'balancer' | 'seed'>;

const FLAGS = {
  listen: valueFlag({ about: 'Where devices connect', expected: ADDRESS_EXPECTED, default: '127.0.0.1:8001', parse: parseAddress }),
  upstream: valueFlag({ about: 'The relay', expected: UPSTREAM_EXPECTED, parse: parseUpstream }),
  ...WEATHER_FLAGS,
  stack: choiceFlag('Whose TCP resends what the devices send: lwip (an ESP32) or linux (a browser, a computer)', ['lwip', 'linux'], 'lwip'),
  scenario: valueFlag<string>({
    about: 'Play the steps of this scenario on its link, from the start of the proxy; flags go before its own link',
    expected: 'a scenario (.yaml)',
    parse: (text) => text || null,
  }),
  set: listFlag<Override>({
    about: 'Override one field of the scenario (--set boards.count=1)',
    expected: 'path=value',
    parse: readOverride,
  }),
  control: valueFlag({ about: 'Serve the control API there', expected: ADDRESS_EXPECTED, parse: parseAddress }),
  'control-token': valueFlag({
    about: 'What a request to the control API must carry as Authorization: Bearer TOKEN; needed beyond loopback',
    expected: `at least ${MIN_TOKEN_CHARACTERS} visible ASCII characters`,
    parse: (text) => (/^[!-~]+$/.test(text) && text.length >= MIN_TOKEN_CHARACTERS ? text : null),
  }),
  json: switchFlag('Print the summary as one JSON document and nothing else on stdout'),
  quiet: switchFlag('Say nothing of single connections and steps'),
};

const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx sim proxy',
  about: 'Puts the links of the simulator between real devices and a real relay. Bytes, TLS included, pass as they are.',
  flags: FLAGS,
  examples: [
    ['npx tsx sim proxy --listen 0.0.0.0:8001 --upstream ws://127.0.0.1:8000 --drop-rate 0.1', 'every tenth packet is lost'],
    ['npx tsx sim proxy --upstream ws://127.0.0.1:8000 --control 127.0.0.1:8474', 'the weather changes by curl'],
    ['npx tsx sim proxy --upstream wss://relay.local --scenario scenarios/half-open.yaml --set boards.count=1', 'TLS, and an outage'],
  ],
};

interface Job {
  settings: ProxySettings;
  scenario: Scenario | null;
  control: Address | null;
  token: string | null;
}

export async function proxyCommand(words: readonly string[], io: Io): Promise<ExitCode> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) {
    io.out(`${line.help}\n`);
    return EXIT.ok;
  }
  const { values, given } = line;
  const { listen, upstream, stack, control = null, json, quiet } = values;
  if (upstream === undefined) throw new UsageError(`--upstream is missing: expected ${UPSTREAM_EXPECTED}`);
  const token = values['control-token'] ?? null;
  checkControl(control, token);
  const scenario = scenarioOfFile(values.scenario, values.set);
  const settings = { listen, upstream, stack, ...weatherOf(values, given, scenario) };
  const proxy = await interruptible(io, (signal) => serve({ settings, scenario, control, token }, io, quiet, signal));
  io.out(json ? toJson(countsDocument(proxy.counts)) : describeCounts(proxy.counts));
  return EXIT.ok;
}

/** Until it is aborted. @returns the proxy, closed */
async function serve({ settings, scenario, control, token }: Job, io: Io, quiet: boolean, signal: AbortSignal): Promise<LinkProxy> {
  const startedAtMs = io.nowMs();
  const log = (text: string) => {
    if (!quiet) io.err(`${((io.nowMs() - startedAtMs) / MS_PER_S).toFixed(3)}s ${text}\n`);
  };
  const proxy = new LinkProxy(settings, createRealClock(), log);
  await proxy.start();
  try {
    const controlServer = control && (await openControl(proxy, control, token));
    const steps = scenario?.steps ?? [];
    io.err(describePlan({ ...settings, listen: proxy.address }, controlServer?.address ?? null, steps));
    if (scenario !== null) play({ ...scenario, seed: settings.seed }, proxy, log);
    await untilAborted(signal);
    controlServer?.close();
  } finally {
    proxy.close();
  }
  return proxy;
}

function play(scenario: Scenario, proxy: LinkProxy, log: (text: string) => void): void {
  const chance = {
    scheduler: new WorldScheduler(proxy.kernel),
    random: (name: string) => {
      const stream = proxy.streams.stream(name);
      return () => stream.next();
    },
  };
  // Steps that expect something were refused.
  const faults = createFaults(proxyControls(proxy, scenario.boards.count), () => {}, chance);
  const played = { faults, actions: PROXY_ACTIONS };
  const steps = drawnSteps(scenario);
  proxy.kernel.enter(() => {
    prepareSteps(steps, played);
    playTimeline(steps, { ...played, ...chance }).subscribe(({ action, what }) => log(`${action}: ${what}`));
  });
}

function checkControl(control: Address | null, token: string | null): void {
  if (control === null && token !== null) throw new UsageError('--control-token: expected --control beside it');
  if (control === null || token !== null || isLoopback(control.host)) return;
  throw new UsageError(
    `--control ${formatAddress(control)}: others can reach that address; expected 127.0.0.1, or --control-token beside it`,
  );
}

function scenarioOfFile(file: string | undefined, overrides: readonly Override[]): Scenario | null {
  if (file === undefined) {
    if (overrides.length > 0) throw new UsageError('--set: expected --scenario beside it');
    return null;
  }
  const { scenario, errors } = loadScenario(file, readScenario(file), overrides, folderOfFile(file));
  if (scenario === null) throw new UsageError(errors.join('\n'));
  if (scenario.fleet.length > 0)
    throw new UsageError(
      `${file}: fleet: nobody knows which group a device is of; expected settings for all of them (--set 'fleet={}' leaves it out)`,
    );
  const problems = stepProblems(scenario.steps);
  if (problems.length > 0) throw new UsageError(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  return scenario;
}

/** Of the scenario, changed by the flags; or of the flags alone. */
function weatherOf(
  values: Record<keyof typeof WEATHER_FLAGS, unknown>,
  given: ReadonlySet<string>,
  scenario: Scenario | null,
): Pick<Scenario, 'link' | 'balancer' | 'seed'> {
  const names = Object.keys(WEATHER_FLAGS) as (keyof typeof WEATHER_FLAGS)[];
  const settings: GivenSetting[] = names.filter((name) => given.has(name)).map((name) => ({ name, value: values[name] }));
  const ofFlags = scenarioOf(settings);
  if (scenario === null) return ofFlags;
  const changed = LINK_FLAGS.filter(({ flag }) => given.has(flag)).map(({ name }) => [name, ofFlags.link[name]]);
  const link = changedLink(scenario.link, Object.fromEntries(changed));
  const balancer = given.has('balancer') ? ofFlags.balancer : scenario.balancer;
  return { link, balancer, seed: given.has('seed') ? ofFlags.seed : scenario.seed };
}

function readOverride(text: string): Override {
  const override = parseOverride(text);
  if (typeof override === 'string') throw new UsageError(override);
  return override;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
