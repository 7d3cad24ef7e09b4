/**
 * The arrows that may exist between files. Every source file falls under the first rule whose `from` matches,
 * and may import what `to` matches, plus, as types only, what `types` matches. A file that no rule covers is
 * a problem too: a new room of the house needs a rule.
 */
import type { Import } from './import-graph.ts';
import { isTest, type Problem } from './source-file.ts';

interface ImportRule {
  about: string;
  from: RegExp;
  to: RegExp;
  types?: RegExp;
}

export const IMPORT_RULES: readonly ImportRule[] = [
  { about: 'tests of hal use hal and any library', from: /^hal\/(.*\/)?(testing\/|[^/]*\.test\.ts$)/, to: /^(hal\/|node:|npm:)/ },
  {
    about: 'tests of firmware use firmware, hal, relay and any library',
    from: /^firmware\/(.*\/)?(testing\/|[^/]*\.test\.ts$)/,
    to: /^(hal\/|firmware\/|relay\/|node:|npm:)/,
  },
  {
    about: 'tests of relay use relay, hal and any library',
    from: /^relay\/(.*\/)?(testing\/|[^/]*\.test\.ts$)/,
    to: /^(hal\/|relay\/|node:|npm:)/,
  },
  {
    about: 'tests, benchmarks and comparisons of sim use anything',
    from: /^sim\/(.*\/)?(testing\/|bench\/|fidelity\/|[^/]*\.test\.ts$)/,
    to: /./,
  },

  {
    about: 'what every program on a computer may use knows nobody',
    from: /^hal\/host\//,
    to: /^(hal\/host\/|node:|npm:(fastest-levenshtein|wrap-ansi|yargs|yargs-parser)$)/,
  },
  {
    about: 'the conformance cases depend on hal only, so that they run on a board',
    from: /^hal\/conformance(\.ts$|\/)/,
    to: /^hal\/(bench\/|conformance\/|[^/]+$)/,
  },
  { about: 'the types of hal depend on nothing', from: /^hal\/[^/]+$/, to: /^hal\/[^/]+$/ },
  {
    about: "the Espruino backend runs on a board: hal and the engine's own modules",
    from: /^hal\/espruino\//,
    to: /^(hal\/(espruino\/|[^/]+$)|node:(crypto|net|tls)$|npm:(Storage|Wifi)$)/,
  },
  {
    about: 'what is connected to a board that is made of no metal knows hal only',
    from: /^hal\/bench\//,
    to: /^hal\/(bench\/|[^/]+$)/,
  },
  { about: 'the simulated backend uses hal and Node', from: /^hal\/simulated\//, to: /^(hal\/(simulated\/|[^/]+$)|node:)/ },
  { about: 'the Node backend uses hal and Node', from: /^hal\/node\//, to: /^(hal\/(bench\/|node\/|[^/]+$)|node:)/ },

  {
    about: 'the build of firmware uses Node and compilers',
    from: /^firmware\/build\//,
    to: /^(firmware\/|hal\/host\/|node:|npm:(@babel\/|esbuild$|terser$))/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'the command line of firmware uses the Node backend',
    from: /^firmware\/(cli\/|index\.ts$)/,
    to: /^(firmware\/|hal\/(host|node)\/|hal\/espruino\/verification\.ts$|node:|npm:(serialport|jsonc-parser)$)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'the protocol conformance suite uses nothing but the client that it may run',
    from: /^firmware\/conformance\//,
    to: /^firmware\/(conformance|websocket)\//,
    types: /^hal\/(index|conformance)\.ts$/,
  },
  {
    about: 'firmware knows types of hal and nothing else',
    from: /^firmware\//,
    to: /^firmware\/(?!build\/|cli\/|conformance\/|index\.ts)/,
    types: /^hal\/index\.ts$/,
  },

  {
    about: 'the command line of relay uses whatever serves a relay on this computer',
    from: /^relay\/(cli|metrics|recording|server|certs\/(?!authority\.)|tls\/(credentials|flags|listen)\.ts$|index\.ts$|api\.ts$)/,
    to: /^(relay\/|hal\/host\/|node:|npm:(ws|pino|pino-pretty|prom-client|node-forge)$)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'one file of a cluster knows Redis',
    from: /^relay\/cluster\/redis-backplane\.ts$/,
    to: /^(relay\/cluster\/|npm:ioredis$)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'the relay itself uses ws and Node, and none of its command line',
    from: /^relay\//,
    to: /^(relay\/(?!(cli|metrics|recording)\/|server\/server\.ts|index\.ts)|hal\/host\/(?!command-line)|node:|npm:(ws|node-forge)$)/,
    types: /^hal\/index\.ts$/,
  },

  {
    about: 'the kernel knows nothing of what runs on it',
    from: /^sim\/kernel\//,
    to: /^(sim\/kernel\/|hal\/host\/units\.ts$|node:|npm:(rxjs|pure-rand)$)/,
  },
  {
    about: 'the network stands on the kernel',
    from: /^sim\/net\//,
    to: /^(sim\/kernel\/(?!kernel\.ts)|sim\/net\/|hal\/host\/units\.ts$|node:)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'a board stands on network and kernel, and runs firmware on the simulated backend',
    from: /^sim\/board\//,
    to: /^(sim\/kernel\/(?!kernel\.ts)|sim\/(net|board)\/|hal\/(bench\/|simulated\/|limits\.ts$|stopped\.ts$)|firmware\/|node:)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'the machine of the relay joins its own code to the network',
    from: /^sim\/relay-host\//,
    to: /^(sim\/(kernel|net|relay-host)\/|relay\/(?!(cli|metrics|recording|testing)\/|server\/server\.ts|index\.ts)|firmware\/websocket\/frame\.ts$|node:|npm:ws$)/,
    types: /^(hal\/index|sim\/measure\/result)\.ts$/,
  },
  {
    about: 'certificates of a run are made as the relay makes them',
    from: /^sim\/certificates\//,
    to: /^(sim\/certificates\/|sim\/kernel\/(calendar|trace|board-id)\.ts$|relay\/certs\/|firmware\/server-url\.ts$|hal\/host\/(kit|units)\.ts$|node:)/,
    types: /^sim\/(scenario\/scenario|net\/tls\/chains)\.ts$/,
  },
  {
    about: 'live mode joins the network of a world to real sockets',
    from: /^sim\/live\/(?!console)/,
    to: /^(sim\/(kernel|net|live)\/|firmware\/channel\/cause\.ts$|hal\/host\/close-codes\.ts$|node:)/,
  },
  {
    about: 'a capture listens to the network and writes files, and knows no world',
    from: /^sim\/capture\//,
    to: /^(sim\/(kernel|net|capture)\/|node:)/,
  },
  {
    about: 'measures see events and settings of their own, never the world',
    from: /^sim\/measure\//,
    to: /^(sim\/measure\/|sim\/kernel\/(events|spread|units|board-id)\.ts$|firmware\/events\.ts$|hal\/host\/|node:module$|npm:hdr-histogram-js$)/,
    types: /^sim\/kernel\//,
  },
  {
    about: 'the report reads results, never the world',
    from: /^sim\/report\//,
    to: /^(sim\/(report|measure)\/|sim\/kernel\/board-id\.ts$|firmware\/events\.ts$|hal\/host\/|node:)/,
    types: /^sim\/(kernel\/events|scenario\/scenario)\.ts$/,
  },
  {
    about: 'advice comes from results and settings',
    from: /^sim\/advice\//,
    to: /^(sim\/(advice|measure)\/|hal\/host\/)/,
    types: /^(sim\/scenario\/scenario|firmware\/config)\.ts$/,
  },
  {
    about: 'presets are facts about libraries in the terms of a device’s config, and know no world',
    from: /^sim\/presets\//,
    to: /^(sim\/presets\/|firmware\/(config|channel\/backoff)\.ts$|hal\/host\/)/,
  },
  {
    about: 'a scenario moves the world through its controls and stands on what is below it',
    from: /^sim\/scenario\//,
    to: /^(sim\/(kernel|net|board|measure|presets|scenario)\/|firmware\/|relay\/(config|session\/limits)\.ts$|hal\/host\/|npm:(csv-parse|rxjs|yaml|zod)$)/,
    types: /^sim\/world\/controls\//,
  },
  {
    about: 'the world joins boards and the relay, and knows scenarios as types',
    from: /^sim\/world\//,
    to: /^(sim\/(kernel|net|board|relay-host|world)\/|firmware\/|relay\/(config|envelope|updates\/update-shelf)\.ts$|node:crypto$)/,
    types: /^(hal\/index\.ts$|sim\/(scenario|certificates)\/)/,
  },
  {
    about: 'a run joins world, scenario and measures, and knows neither command line nor report',
    from: /^sim\/(run\/|live\/console)/,
    to: /^(sim\/(?!cli\/|report\/|study\/|index\.ts)|firmware\/|relay\/(console|routing)\/|hal\/host\/|npm:rxjs$)/,
    types: /^(node:|hal\/index\.ts$|relay\/)/,
  },
  { about: 'a pool of threads knows nothing of what they do', from: /^sim\/workers\//, to: /^(sim\/workers\/|hal\/host\/|node:)/ },
  {
    about: 'the sandbox loads firmware for boards and keeps it from all else, and knows no world',
    from: /^sim\/sandbox\//,
    to: /^(sim\/(sandbox|workers)\/|sim\/board\/runtimes\/|sim\/kernel\/(kernel|turn)\.ts$|firmware\/cli\/load-app\.ts$|firmware\/build\/subset\/missing\.ts$|hal\/(host\/|stopped\.ts$)|node:)/,
    types: /^(npm:@babel\/(parser|traverse)$|(hal\/index|firmware\/boot|sim\/board\/runtime)\.ts$)/,
  },
  {
    about: 'what a run is made from is found and read without a command line',
    from: /^sim\/sources\//,
    to: /^(sim\/(sources|sandbox|scenario)\/|sim\/board\/profiles\/|firmware\/(cli\/load-app|build\/(findings-error|subset\/subset))\.ts$|hal\/host\/|node:)/,
    types: /^sim\/board\/runtime\.ts$/,
  },
  {
    about: 'programs get what runs get: no command line, no report, nothing of live mode',
    from: /^sim\/api\//,
    to: /^(sim\/(api|sources|scenario|run|measure|kernel)\/|sim\/net\/(link|balancer)\/settings\.ts$|hal\/host\/|node:)/,
    types: /^(hal\/index\.ts$|firmware\/(boot|config)\.ts$|sim\/(board\/runtime|world\/world)\.ts$)/,
  },
  {
    about: 'matchers judge results, and import no test runner',
    from: /^sim\/vitest\//,
    to: /^sim\/(vitest|measure)\//,
    types: /^npm:vitest$/,
  },
  {
    about: 'the field turns a recording or captured packets into the document of a scenario, tries it by runs, and reads no files',
    from: /^sim\/field\//,
    to: /^(sim\/(field|scenario|run|capture)\/|sim\/kernel\/(calendar|board-id)\.ts$|relay\/admission\/ids\.ts$|hal\/host\/)/,
    types: /^(firmware\/boot|sim\/board\/runtime)\.ts$/,
  },
  {
    about: 'the proxy puts network and scenarios between real sockets, and takes its clock from whoever starts it',
    from: /^sim\/proxy\//,
    to: /^(sim\/(kernel|net|scenario|proxy)\/|hal\/host\/|relay\/admission\/forwarded\.ts$|node:)/,
    types: /^(hal\/index\.ts$|sim\/world\/controls\/)/,
  },
  {
    about: 'a study plays scenarios and draws what came of them, and knows no command line',
    from: /^sim\/study\//,
    to: /^(sim\/(study|scenario|measure|presets|report|run|sandbox|certificates|workers)\/|firmware\/(cli\/load-app|config)\.ts$|hal\/host\/|node:|npm:(csv-stringify|echarts|jstat|simple-statistics|yaml)$)/,
  },
  {
    about: 'the fuzzer draws scenarios, plays them on threads, and knows no command line',
    from: /^sim\/fuzz\//,
    to: /^(sim\/(fuzz|scenario|run|sandbox|certificates|workers)\/|sim\/net\/(link|balancer)\/settings\.ts$|sim\/kernel\/(kernel|draw|random|turn|board-id)\.ts$|hal\/host\/|node:|npm:yaml$)/,
  },
  {
    about: 'why plays one run with other luck, on threads, and knows no command line',
    from: /^sim\/why\//,
    to: /^(sim\/(why|scenario|run|measure|report|sandbox|certificates|workers)\/|firmware\/config\.ts$|sim\/net\/wire\/|sim\/kernel\/(random|units|board-id)\.ts$|hal\/host\/|node:)/,
    types: /^sim\/(board\/runtime|kernel\/trace)\.ts$/,
  },
  {
    about: 'firmware of a study is an app like those of users',
    from: /^scenarios\//,
    to: /^(scenarios\/|firmware\/channel\/index\.ts$)/,
    types: /^(hal\/index|firmware\/config)\.ts$/,
  },
  { about: 'the command line of sim uses anything but tests', from: /^sim\/(cli\/|index\.ts$)/, to: /./ },
];

export function ruleProblems(imports: readonly Import[]): Problem[] {
  return imports.flatMap((one) => {
    const complaint = complaintAbout(one);
    return complaint ? [`${one.from}:${one.line}: ${complaint}`] : [];
  });
}

function complaintAbout({ from, to, typeOnly }: Import): string | null {
  if (isTest(to) && !isTest(from) && !from.startsWith('sim/bench/')) return `imports ${to}, but only tests use what is made for tests`;
  const rule = IMPORT_RULES.find((candidate) => candidate.from.test(from));
  if (!rule) return 'falls under no import rule';
  if (rule.to.test(to) || (typeOnly && rule.types?.test(to))) return null;
  return `imports ${to}, but ${rule.about}${rule.types?.test(to) ? ' (use import type)' : ''}`;
}

/**
 * Each cycle of files that import each other once, as `a -> b -> a`. Imports of types count: who is known is
 * a dependency, loaded or not.
 */
export function cycles(imports: readonly Import[]): Problem[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const found: Problem[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of targets.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of targets.keys()) visit(file);
  return found;
}
