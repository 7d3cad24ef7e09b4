/**
 * What `fuzz` tells continuous integration: one suite, with a case for each thing that its cases could have
 * broken.
 */
import { plural } from 'host/format';
import { CRASH, ENDLESS } from '../../fuzz/judge.ts';
import { placesIn } from '../../scenario/document/places.ts';
import { DEFAULTS } from '../../scenario/settings.ts';
import type { Case, CiReport } from './suite.ts';

export interface FuzzEnd {
  tried: number;
  interrupted: boolean;
  findings: readonly { check: string; detail: string; seed: number; seeds: readonly number[]; replay: string }[];
}

interface FuzzParts {
  name: string;
  /** null: the default fleet. */
  file: string | null;
  source: string | null;
  firstSeed: number;
  /** The command that searches again. */
  replay: string;
  seconds: number;
}

export function fuzzReport({ name, file, source, firstSeed, replay, seconds }: FuzzParts, end: FuzzEnd): CiReport {
  const { tried, interrupted, findings } = end;
  const placeOf = source === null ? () => null : placesIn(source);
  const partial = interrupted ? 'INTERRUPTED. ' : '';
  const verdict = `${partial}${findings.length === 0 ? 'HELD' : 'FAILED'}: ${plural(tried, 'case')} from seed ${firstSeed} on, ${brokenIn(findings)}.`;
  const whole: Case = {
    asked: 'scenario',
    name: 'all cases are tried',
    outcome: interrupted ? 'error' : 'held',
    why: interrupted ? `interrupted after ${plural(tried, 'case')}` : '',
    replay,
    place: placeOf('scenario', name),
  };
  const names = new Set([...DEFAULTS.checks, CRASH, ENDLESS, ...findings.map(({ check }) => check)]);
  const cases = [...names].map((check): Case => {
    const place = placeOf('check', check);
    const found = findings.find((finding) => finding.check === check);
    if (found === undefined)
      return {
        asked: 'check',
        name: check,
        outcome: tried > 0 ? 'held' : 'not judged',
        why: tried > 0 ? '' : 'no case was tried',
        replay,
        place,
      };
    return {
      asked: 'check',
      name: check,
      outcome: 'failed',
      why: `${check}, seed ${found.seed}: ${found.detail}`,
      replay: found.replay,
      place,
    };
  });
  return {
    command: 'sim fuzz',
    verdict,
    seconds,
    suites: [
      {
        name,
        file,
        seconds,
        properties: [
          ['first_seed', String(firstSeed)],
          ['cases', String(tried)],
        ],
        verdict,
        cases: [whole, ...cases],
      },
    ],
    table: {
      head: ['broke', 'first seed', 'seeds'],
      rows: findings.map(({ check, seed, seeds }) => [check, String(seed), String(seeds.length)]),
    },
  };
}

function brokenIn(findings: FuzzEnd['findings']): string {
  return findings.length === 0 ? 'and nothing broke' : `${findings.map(({ check }) => check).join(', ')} broke`;
}
