/**
 * A case as a scenario file that `sim replay` plays: only what matters, a line per step, and what breaks in
 * its first line.
 */
import { Document, isMap, isSeq } from 'yaml';
import type { Case } from './case.ts';
import { CRASH, ENDLESS, type Finding } from './judge.ts';

const MAX_DETAIL_CHARACTERS = 500;

/** Its seed is the one that the run had. */
export function writeCase(fuzzed: Case, finding: Finding): string {
  const isCheck = finding.name !== CRASH && finding.name !== ENDLESS;
  const detail = finding.detail.split('\n', 1)[0].slice(0, MAX_DETAIL_CHARACTERS);
  const document = new Document(inOrder({ ...fuzzed, about: `Breaks ${finding.name}: ${detail}`, checks: isCheck ? [finding.name] : [] }));
  for (const section of ['relay', 'link', 'balancer', 'boards', 'checks']) flow(document.get(section));
  const steps = document.get('steps');
  if (isSeq(steps)) for (const step of steps.items) flow(step);
  return document.toString({ lineWidth: 0 });
}

/** The keys as scenarios have them, and none that says nothing; one balancer is more than none. */
function inOrder({ version: _, name, about, seed, duration, tls, relay, boards, link, ...rest }: Case): Record<string, unknown> {
  const { config, ...board } = boards;
  const all = {
    version: 1,
    name,
    about,
    seed,
    duration,
    tls,
    relay,
    boards: isEmpty(config) ? board : { ...board, config },
    link,
    ...rest,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => key === 'checks' || (key === 'balancer' && value !== undefined) || !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function flow(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}
