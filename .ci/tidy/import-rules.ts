/**
 * The arrows that may exist between files. Every source file falls under the first rule whose `from` matches, and may import what `to` matches,
 * plus, as types only, what `types` matches. A file that no rule covers is a problem too: a new room of the house needs a rule.
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
  { about: 'tests of hal use hal and any library', from: /^hal\/(testing\/|.*\.test\.ts$)/, to: /^(hal\/|node:|npm:)/ },
  {
    about: 'tests of firmware use firmware, hal, relay and any library',
    from: /^firmware\/(.*\/)?(testing\/|[^/]*\.test\.ts$)/,
    to: /^(hal\/|firmware\/|relay\/|node:|npm:)/,
  },
  { about: 'tests of relay use relay, hal and any library', from: /^relay\/(testing\/|.*\.test\.ts$)/, to: /^(hal\/|relay\/|node:|npm:)/ },
  {
    about: 'tests, benchmarks and comparisons of sim use anything',
    from: /^sim\/(.*\/)?(testing\/|bench\/|fidelity\/|[^/]*\.test\.ts$)/,
    to: /./,
  },

  {
    about: 'the conformance cases depend on hal only, so that they run on a board',
    from: /^hal\/conformance(\.ts$|\/)/,
    to: /^hal\/(conformance\/|[^/]+$)/,
  },
  { about: 'the types of hal depend on nothing', from: /^hal\/[^/]+$/, to: /^hal\/[^/]+$/ },
  {
    about: "the Espruino backend runs on a board: hal and the engine's own modules",
    from: /^hal\/espruino\//,
    to: /^(hal\/(espruino\/|[^/]+$)|node:(crypto|net|tls)$|npm:(Storage|Wifi)$)/,
  },
  { about: 'the simulated backend uses hal and Node', from: /^hal\/simulated\//, to: /^(hal\/(simulated\/|[^/]+$)|node:)/ },
  { about: 'the Node backend uses hal and Node', from: /^hal\/node\//, to: /^(hal\/(node\/|[^/]+$)|node:)/ },

  {
    about: 'the build of firmware uses Node and compilers',
    from: /^firmware\/build\//,
    to: /^(firmware\/|node:|npm:(@babel\/|esbuild$|terser$))/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'the command line of firmware uses the Node backend and the strict flags of relay',
    from: /^firmware\/(cli\/|index\.ts$)/,
    to: /^(firmware\/|hal\/node\/|hal\/espruino\/verification\.ts$|relay\/usage\.ts$|node:|npm:serialport$)/,
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
    about: 'the command line of relay uses yargs and pino',
    from: /^relay\/(cli|console-flags|flag-values|index|limit-flags|metrics|metrics-flag|(origin|proxy|subprotocol)-flag|record|server|usage|certs\/(?!authority\.)[^/]+|tls\/(credentials|flags|listen))\.ts$/,
    to: /^(relay\/|node:|npm:(ws|yargs|yargs-parser|pino|pino-pretty|prom-client|node-forge)$)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'the relay itself uses ws and Node, and none of its command line',
    from: /^relay\//,
    to: /^(relay\/(?!(cli|console-flags|flag-values|index|limit-flags|metrics(-flag)?|(origin|proxy|subprotocol)-flag|record|server|usage)\.ts)|node:|npm:(ws|node-forge)$)/,
    types: /^hal\/index\.ts$/,
  },

  { about: 'the kernel knows nothing of what runs on it', from: /^sim\/kernel\//, to: /^(sim\/kernel\/|node:|npm:(rxjs|pure-rand)$)/ },
  { about: 'the network stands on the kernel', from: /^sim\/net\//, to: /^(sim\/(kernel|net)\/|node:)/, types: /^hal\/index\.ts$/ },
  {
    about: 'live mode joins the network of a world to real sockets',
    from: /^sim\/live\//,
    to: /^(sim\/(kernel|net|live)\/|node:)/,
    types: /^sim\/relay-machine\.ts$/,
  },
  {
    about: 'a board stands on network and kernel, and runs firmware on the simulated backend',
    from: /^sim\/board\//,
    to: /^(sim\/(kernel|net|board)\/|hal\/simulated\/|firmware\/|node:)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'measures see events and settings, never the world',
    from: /^sim\/measure\//,
    to: /^(sim\/measure\/|sim\/kernel\/(events|units)\.ts$|relay\/(units|usage)\.ts$|node:module$|npm:hdr-histogram-js$)/,
    types: /^sim\/(kernel\/|scenario\/scenario\.ts$)/,
  },
  {
    about: 'the report reads results, never the world',
    from: /^sim\/report\//,
    to: /^(sim\/(report|measure)\/|relay\/units\.ts$|node:)/,
    types: /^sim\/(kernel\/events|scenario\/scenario)\.ts$/,
  },
  {
    about: 'a scenario moves the world through its controls and stands on what is below it',
    from: /^sim\/scenario\//,
    to: /^(sim\/(kernel|net|board|measure|scenario)\/|firmware\/|relay\/(config|limits|units|usage)\.ts$|npm:(rxjs|yaml|zod)$)/,
  },
  {
    about: 'the field turns lines of a recording into the document of a scenario, tries it by runs, and reads no files',
    from: /^sim\/field\//,
    to: /^(sim\/(field\/|scenario\/|kernel\/calendar\.ts$|run\.ts$)|relay\/(ids|units|usage)\.ts$)/,
    types: /^firmware\/boot\.ts$/,
  },
  {
    about: 'the proxy puts network and scenarios between real sockets, and takes its clock from whoever starts it',
    from: /^sim\/proxy\//,
    to: /^(sim\/(kernel|net|scenario|proxy)\/|relay\/(forwarded|units|usage)\.ts$|node:)/,
    types: /^hal\/index\.ts$/,
  },
  {
    about: 'a study plays scenarios and draws what came of them, and knows no command line',
    from: /^sim\/study\//,
    to: /^(sim\/(study|scenario|measure|report)\/|sim\/(certificates|run)\.ts$|firmware\/cli\/load-app\.ts$|relay\/(units|usage)\.ts$|node:|npm:(echarts|simple-statistics|yaml)$)/,
  },
  {
    about: 'the fuzzer draws scenarios, plays them on the threads of studies, and knows no command line',
    from: /^sim\/fuzz\//,
    to: /^(sim\/(fuzz|scenario)\/|sim\/kernel\/(kernel|random|turn)\.ts$|sim\/(certificates|run|study\/pool)\.ts$|firmware\/cli\/load-app\.ts$|relay\/units\.ts$|node:|npm:yaml$)/,
  },
  { about: 'the command line of sim uses anything but tests', from: /^sim\/(cli\/|index\.ts$)/, to: /./ },
  {
    about: 'a run joins world, scenario and measures, and knows neither command line nor report',
    from: /^sim\/run\.ts$/,
    to: /^(sim\/(?!cli\/|report\/|index\.ts)|firmware\/|npm:rxjs$)/,
    types: /^node:net$/,
  },
  {
    about: 'the world joins boards and the relay, and knows scenarios as types',
    from: /^sim\/[^/]+$/,
    to: /^(sim\/((kernel|net|board|live)\/|(?!run\.ts|index\.ts)[^/]+$)|firmware\/|relay\/(?!(cli|index|server|usage)\.ts)|node:|npm:(rxjs|ws)$)/,
    types: /^(hal\/index\.ts$|sim\/(scenario\/|measure\/result\.ts$))/,
  },
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

/** Each cycle of files that load each other once, as `a -> b -> a`. Imports of types are erased and make none. */
export function cycles(imports: readonly Import[]): Problem[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) if (!typeOnly) targets.set(from, [...(targets.get(from) ?? []), to]);
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
