/**
 * JUnit's XML, as Jenkins, GitLab and GitHub's actions read it: the elements and attributes that their
 * schemas have in common.
 *
 * There is no standard. Structure: the `junit-10.xsd` of Jenkins' xUnit plugin. No timestamp, so that the
 * same runs give the same file but for its times.
 */
import { create, type XMLElement } from 'xmlbuilder';
import type { Case, CiReport, Suite } from './suite.ts';

/** For characters that XML 1.0 cannot hold, not even escaped: most control characters, lone surrogates. */
const REPLACEMENT = '\uFFFD';

export function junitOf({ command, seconds, suites }: CiReport): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const root = create('testsuites', { version: '1.0', encoding: 'UTF-8', invalidCharReplacement: REPLACEMENT });
  attributes(root, { name: command, ...countsOf(cases), time: timeOf(seconds) });
  for (const suite of suites) addSuite(root, suite);
  return `${root.end({ pretty: true })}\n`;
}

function addSuite(root: XMLElement, { name, file, seconds, properties, verdict, cases }: Suite): void {
  const suite = root.ele('testsuite');
  const skipped = cases.filter(({ outcome }) => outcome === 'not judged').length;
  attributes(suite, { name, ...countsOf(cases), skipped, time: timeOf(seconds), file });
  const list = suite.ele('properties');
  for (const [key, value] of properties) list.ele('property', { name: key, value });
  for (const one of cases) addCase(suite, name, one, one.asked === 'scenario' ? seconds : 0, verdict);
}

function addCase(suite: XMLElement, classname: string, one: Case, seconds: number | null, verdict: string): void {
  const element = suite.ele('testcase');
  attributes(element, { name: one.name, classname, time: timeOf(seconds) });
  switch (one.outcome) {
    case 'held':
      return;
    case 'not judged':
      element.ele('skipped', { message: one.why });
      return;
    default:
      element
        .ele(one.outcome === 'error' ? 'error' : 'failure', { type: one.asked, message: one.why })
        .txt([one.why, verdict, `Again: ${one.replay}`].filter((line) => line !== '').join('\n'));
  }
}

function countsOf(cases: readonly Case[]) {
  const of = (outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  return { tests: cases.length, failures: of('failed'), errors: of('error') };
}

/** Seconds, as all readers take them; none of what was not measured. */
function timeOf(seconds: number | null): string | null {
  return seconds === null ? null : seconds.toFixed(3);
}

function attributes(element: XMLElement, values: Record<string, string | number | null>): void {
  for (const [name, value] of Object.entries(values)) if (value !== null) element.att(name, value);
}
