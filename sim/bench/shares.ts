/** Where the time of a run went, by part of the kit, from a V8 CPU profile (`node --cpu-prof`). */
import { readFileSync } from 'node:fs';

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string };
}

interface Profile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

/** First match wins. */
const PARTS: [part: string, matches: RegExp][] = [
  ['kernel', /\/sim\/kernel\//],
  ['TCP and links', /\/sim\/net\/(?!duplex)/],
  [
    'streams',
    /^node:(internal\/(streams|process\/task|timers|buffer|event)|events|buffer|stream|net|_http|internal\/http)|\/sim\/net\/duplex/,
  ],
  ['relay', /\/relay\/|node_modules\/ws\//],
  ['firmware', /\/firmware\//],
  ['boards', /\/sim\/board\/|\/hal\//],
  ['measuring', /\/sim\/(measure|world|run|relay-)|node_modules\/(rxjs|hdr)/],
  ['report and output', /\/sim\/(report|cli)\/|node_modules\/(echarts|zrender)|internal\/fs/],
];

/**
 * @returns share of the profiled time per part, largest first; `start-up and others` is what no part claims.
 */
export function sharesOf(profileFile: string): [part: string, share: number][] {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(profileFile, 'utf8')) as Profile;
  const partOf = new Map(nodes.map((node) => [node.id, partOfNode(node)]));
  const spent = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const part = partOf.get(id) ?? '';
    if (part === 'idle') return;
    spent.set(part, (spent.get(part) ?? 0) + timeDeltas[index]);
    total += timeDeltas[index];
  });
  return [...spent].map(([part, us]): [string, number] => [part, us / total]).sort((a, b) => b[1] - a[1]);
}

function partOfNode({ callFrame }: ProfileNode): string {
  if (callFrame.functionName === '(idle)') return 'idle';
  if (callFrame.functionName === '(garbage collector)') return 'garbage collection';
  return PARTS.find(([, matches]) => matches.test(callFrame.url))?.[0] ?? 'start-up and others';
}
