/**
 * The arrows between the folders (.ci/tidy/import-rules.ts) hold in this repository, and each of them can be
 * broken.
 */
import { describe, expect, it } from 'vitest';
import { importsOf } from './.ci/tidy/import-graph.ts';
import { cycles, IMPORT_RULES, ruleProblems } from './.ci/tidy/import-rules.ts';
import { isSource, readRepository } from './.ci/tidy/source-file.ts';

const imports = readRepository()
  .filter((file) => isSource(file) && file.path.includes('/') && !file.path.startsWith('.'))
  .flatMap(importsOf);

it('no file imports what it may not', () => {
  expect(ruleProblems(imports)).toEqual([]);
});

it('no files import each other in a circle, types counted', () => {
  expect(cycles(imports)).toEqual([]);
});

/** By the rule it breaks: a file, and a line that must not stand in it. */
const BREACHES: readonly [path: string, line: string, rule: string][] = [
  [
    'sim/field/a.ts',
    "import 'node:fs'",
    'the field turns a recording or captured packets into the document of a scenario, tries it by runs, and reads no files',
  ],
  ['sim/live/a.ts', "import '../world/world.ts'", 'live mode joins the network of a world to real sockets'],
  ['sim/study/a.ts', "import '../cli/io.ts'", 'a study plays scenarios and draws what came of them, and knows no command line'],
  ['hal/a.test.ts', "import 'sim/world'", 'tests of hal use hal and any library'],
  ['firmware/a.test.ts', "import 'sim/world'", 'tests of firmware use firmware, hal, relay and any library'],
  ['relay/a.test.ts', "import 'firmware/config'", 'tests of relay use relay, hal and any library'],
  ['hal/conformance/a.ts', "import 'node:assert'", 'the conformance cases depend on hal only, so that they run on a board'],
  ['hal/a.ts', "import 'node:fs'", 'the types of hal depend on nothing'],
  ['hal/a.ts', "import './simulated/index.ts'", 'the types of hal depend on nothing'],
  ['hal/espruino/a.ts', "import 'node:fs'", "the Espruino backend runs on a board: hal and the engine's own modules"],
  ['hal/bench/a.ts', "import 'hal/node'", 'what is connected to a board that is made of no metal knows hal only'],
  ['hal/simulated/a.ts', "import type { B } from 'sim/board/board'", 'the simulated backend uses hal and Node'],
  ['hal/node/a.ts', "import 'ws'", 'the Node backend uses hal and Node'],
  ['firmware/build/a.ts', "import 'typescript'", 'the build of firmware uses Node and compilers'],
  ['firmware/cli/a.ts', "import 'relay/relay'", 'the command line of firmware uses the Node backend'],
  ['firmware/conformance/a.ts', "import 'node:net'", 'the protocol conformance suite uses nothing but the client that it may run'],
  ['firmware/a.ts', "import './cli/b.ts'", 'firmware knows types of hal and nothing else'],
  ['firmware/a.ts', "import { x } from 'hal'", 'firmware knows types of hal and nothing else (use import type)'],
  ['firmware/a.ts', "import 'rxjs'", 'firmware knows types of hal and nothing else'],
  ['firmware/apps/a.ts', "import 'node:fs'", 'firmware knows types of hal and nothing else'],
  ['firmware/a.ts', "import './build/b.ts'", 'firmware knows types of hal and nothing else'],
  ['relay/cli/a.ts', "import 'sim/run/run'", 'the command line of relay uses whatever serves a relay on this computer'],
  ['relay/certs/a.ts', "import 'yargs'", 'the command line of relay uses whatever serves a relay on this computer'],
  ['hal/host/a.ts', "import type { Hal } from 'hal'", 'what every program on a computer may use knows nobody'],
  ['relay/cluster/redis-backplane.ts', "import './../routing/router.ts'", 'one file of a cluster knows Redis'],
  ['relay/a.ts', "const log = await import('pino')", 'the relay itself uses ws and Node, and none of its command line'],
  ['relay/a.ts', "export * from './cli/cli.ts'", 'the relay itself uses ws and Node, and none of its command line'],
  ['sim/kernel/a.ts', "import '../net/link.ts'", 'the kernel knows nothing of what runs on it'],
  ['sim/kernel/a.ts', "import type { A } from 'hal'", 'the kernel knows nothing of what runs on it'],
  ['sim/net/a.ts', "import '../board/board.ts'", 'the network stands on the kernel'],
  ['sim/net/tcp/a.ts', "type A = import('../../board/board.ts').A", 'the network stands on the kernel'],
  ['sim/board/a.ts', "import '../scenario/load.ts'", 'a board stands on network and kernel, and runs firmware on the simulated backend'],
  [
    'sim/measure/a.ts',
    "import type { A } from '../scenario/scenario.ts'",
    'measures see events and settings of their own, never the world',
  ],
  ['sim/measure/a.ts', "import '../net/link/link.ts'", 'measures see events and settings of their own, never the world'],
  [
    'sim/proxy/a.ts',
    "import 'relay/server/real-clock'",
    'the proxy puts network and scenarios between real sockets, and takes its clock from whoever starts it',
  ],
  [
    'sim/presets/a.ts',
    "import '../scenario/settings.ts'",
    'presets are facts about libraries in the terms of a device’s config, and know no world',
  ],
  ['sim/report/a.ts', "import type { A } from '../world/world.ts'", 'the report reads results, never the world'],
  ['sim/scenario/a.ts', "import '../world/world.ts'", 'a scenario moves the world through its controls and stands on what is below it'],
  ['sim/scenario/a.ts', "import '../cli/io.ts'", 'a scenario moves the world through its controls and stands on what is below it'],
  ['sim/run/a.ts', "import '../cli/io.ts'", 'a run joins world, scenario and measures, and knows neither command line nor report'],
  ['sim/fuzz/a.ts', "import '../world/world.ts'", 'the fuzzer draws scenarios, plays them on threads, and knows no command line'],
  ['sim/why/a.ts', "import '../world/world.ts'", 'why plays one run with other luck, on threads, and knows no command line'],
  [
    'sim/live/console.ts',
    "const { a } = require('../report/a.ts')",
    'a run joins world, scenario and measures, and knows neither command line nor report',
  ],
  [
    'sim/world/a.ts',
    "import { a } from '../scenario/scenario.ts'",
    'the world joins boards and the relay, and knows scenarios as types (use import type)',
  ],
  ['sim/world/a.ts', "import '../run/run.ts'", 'the world joins boards and the relay, and knows scenarios as types'],
  ['sim/world/a.ts', "import 'relay/cli/cli'", 'the world joins boards and the relay, and knows scenarios as types'],
  ['sim/relay-host/a.ts', "import '../world/world.ts'", 'the machine of the relay joins its own code to the network'],
  ['sim/capture/a.ts', "import '../world/world.ts'", 'a capture listens to the network and writes files, and knows no world'],
  ['sim/certificates/a.ts', "import '../net/tls/judge.ts'", 'certificates of a run are made as the relay makes them'],
  ['sim/advice/a.ts', "import '../run/run.ts'", 'advice comes from results and settings'],
  ['scenarios/a.ts', "import '../sim/run/run.ts'", 'firmware of a study is an app like those of users'],
  [
    'sim/sandbox/a.ts',
    "import '../world/world.ts'",
    'the sandbox loads firmware for boards and keeps it from all else, and knows no world',
  ],
  ['sim/sources/a.ts', "import '../cli/io.ts'", 'what a run is made from is found and read without a command line'],
  ['sim/api/a.ts', "import '../report/verdict.ts'", 'programs get what runs get: no command line, no report, nothing of live mode'],
  ['sim/vitest/a.ts', "import { expect } from 'vitest'", 'matchers judge results, and import no test runner'],
  ['sim/workers/a.ts', "import type { A } from '../study/sweep/trial.ts'", 'a pool of threads knows nothing of what they do'],
  ['sim/cli/a.ts', "import 'firmware/testing/fake-hal'", 'only tests use what is made for tests'],
  ['sim/cli/a.ts', "import '../a.test.ts'", 'only tests use what is made for tests'],
];

describe('each rule can be broken', () => {
  it.for(BREACHES)('%s: %s', ([path, text, rule]) => {
    expect(ruleProblems(importsOf({ path, text }))).toEqual([expect.stringContaining(`, but ${rule}`)]);
  });

  it('and none is left without a breach, but for the two that allow everything', () => {
    const unbroken = IMPORT_RULES.filter(({ about }) => !BREACHES.some(([, , rule]) => rule.startsWith(about)));
    expect(unbroken.map(({ to }) => to.source)).toEqual(['.', '.']);
  });

  it('a file in a folder that no rule knows is a problem', () => {
    expect(ruleProblems(importsOf({ path: 'new/a.ts', text: "import './b.ts'" }))).toEqual(['new/a.ts:1: falls under no import rule']);
  });

  it('a circle is found once, and so is one of types', () => {
    const a = { path: 'sim/net/a.ts', text: "import './b.ts'" };
    const b = { path: 'sim/net/b.ts', text: "import '../kernel/k.ts'; import './c.ts'" };
    const c = { path: 'sim/net/c.ts', text: "export { x } from './a.ts'" };
    const typesOnly = { path: 'sim/net/c.ts', text: "import type { X } from './a.ts'" };
    expect(cycles([a, b, c].flatMap(importsOf))).toEqual(['sim/net/a.ts -> sim/net/b.ts -> sim/net/c.ts -> sim/net/a.ts']);
    expect(cycles([a, b, typesOnly].flatMap(importsOf))).toEqual(['sim/net/a.ts -> sim/net/b.ts -> sim/net/c.ts -> sim/net/a.ts']);
  });
});
