/** What continuous integration is told: by functions of a report, whatever text is in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotationsOf } from './annotations.ts';
import { junitOf } from './junit.ts';
import { markdownOf } from './markdown.ts';
import type { Case, CiReport, Suite } from './suite.ts';
import { expectJunit } from './testing/read-junit.ts';

const HELD: Case = { asked: 'check', name: 'a-check', outcome: 'held', why: '', replay: 'again', place: { line: 1, column: 1 } };
const MISSED: Case = {
  asked: 'threshold',
  name: 'connects > 3',
  outcome: 'failed',
  why: 'connects 2, wanted more than 3',
  replay: 'npx tsx sim replay a.yaml',
  place: { line: 7, column: 5 },
};

function suite(cases: readonly Case[], changes: Partial<Suite> = {}): Suite {
  return { name: 'a', file: 'a.yaml', seconds: 1.5, properties: [['seed', '1']], verdict: 'FAILED: it.', cases, ...changes };
}

function report(suites: readonly Suite[], changes: Partial<CiReport> = {}): CiReport {
  const table = { head: ['scenario', 'result'], rows: suites.map(({ name }) => [name, 'ok']) };
  return { command: 'sim replay', verdict: 'FAILED: 1 of 2.', seconds: 2, suites, table, ...changes };
}

describe('JUnit', () => {
  it('has a suite for each scenario, with its time, and in a failure the verdict and the command that plays it again', async () => {
    const open: Case = { ...HELD, name: 'p95(detect_ms) < 1s', asked: 'threshold', outcome: 'not judged', why: 'no sample' };
    const run: Case = { ...HELD, name: 'comes to its end', asked: 'scenario' };
    const xml = junitOf(
      report([suite([run, HELD, MISSED, open]), suite([{ ...run, outcome: 'error', why: 'gone' }], { seconds: null, file: null })]),
    );
    await expectJunit(xml);
    expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sim replay" tests="5" failures="1" errors="1" time="2.000">
  <testsuite name="a" tests="4" failures="1" errors="0" skipped="1" time="1.500" file="a.yaml">
    <properties>
      <property name="seed" value="1"/>
    </properties>
    <testcase name="comes to its end" classname="a" time="1.500"/>
    <testcase name="a-check" classname="a" time="0.000"/>
    <testcase name="connects > 3" classname="a" time="0.000">
      <failure type="threshold" message="connects 2, wanted more than 3">connects 2, wanted more than 3
FAILED: it.
Again: npx tsx sim replay a.yaml</failure>
    </testcase>
    <testcase name="p95(detect_ms) &lt; 1s" classname="a" time="0.000">
      <skipped message="no sample"/>
    </testcase>
  </testsuite>
  <testsuite name="a" tests="1" failures="0" errors="1" skipped="0">
    <properties>
      <property name="seed" value="1"/>
    </properties>
    <testcase name="comes to its end" classname="a">
      <error type="scenario" message="gone">gone
FAILED: it.
Again: again</error>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('is well-formed whatever is in it: control characters, lone surrogates, what looks like XML', async () => {
    const nasty = ['\u0000\u0001\u001b[31m', '\ud800', '\udc00a', '\uffff', ']]> <![CDATA[', '&amp;&#0;', '"\'\t\r\n', '😀', '--> <?x?>'];
    const any = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 200, seed: 1 });
    const cases = [...nasty, ...any].map((text): Case => ({ ...MISSED, name: text, why: text, replay: text }));
    await expectJunit(junitOf(report([suite(cases, { name: nasty.join(''), verdict: nasty.join(''), file: nasty.join('') })])));
  });
});

describe('an annotation', () => {
  const lines = (...cases: Case[]) => annotationsOf(report([suite([HELD, ...cases])]), process.cwd());

  it('of GitHub names file, line, column and what failed, and nothing is said of what holds', () => {
    expect(lines(MISSED)).toEqual([
      '::error file=a.yaml,line=7,col=5,title=a%3A connects > 3::connects 2, wanted more than 3%0AAgain: npx tsx sim replay a.yaml\n',
    ]);
    expect(lines()).toEqual([]);
  });

  it("is escaped as GitHub's toolkit does it, and is one line", () => {
    const [line] = annotationsOf(
      report([suite([{ ...MISSED, name: '100%,\r\n:', why: '100%,\r\n:', replay: 'x' }], { name: 'n', file: 'a,b:c%.yaml' })]),
      process.cwd(),
    );
    expect(line).toBe('::error file=a%2Cb%3Ac%25.yaml,line=7,col=5,title=n%3A 100%25%2C%0D%0A%3A::100%25,%0D%0A:%0AAgain: x\n');
  });

  it.each([
    ['/repo/sub/a.yaml', '/repo', 'file=sub/a.yaml,line=7'],
    ['/repo/..a.yaml', '/repo', 'file=..a.yaml,line=7'],
    ['/elsewhere/a.yaml', '/repo', 'file=/elsewhere/a.yaml,line=7'],
    [null, '/repo', 'error title='],
  ])('of %s in the repository %s has %s', (file, workspace, expected) => {
    expect(annotationsOf(report([suite([MISSED], { file })]), workspace)[0]).toContain(expected);
  });

  it('stands once for what fails at the same line in many cells of a study', () => {
    const cells = ['1', '2', '3'].map((name) => suite([MISSED], { name }));
    const found = annotationsOf(report(cells), process.cwd());
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('::connects 2, wanted more than 3 And 2 times more.%0AAgain');
  });
});

describe('Markdown', () => {
  it('has the verdict first, then a table, then each failure with its command', () => {
    expect(markdownOf(report([suite([HELD, MISSED])]))).toBe(
      '**FAILED: 1 of 2.**\n\n| scenario | result |\n| --- | --- |\n| a | ok |\n\n' +
        '- a: connects 2, wanted more than 3<br>`npx tsx sim replay a.yaml`\n\n',
    );
  });

  it('shows what is in it as it is, and keeps to its row', () => {
    const nasty = 'a|b_c* <b>&amp;</b>\n[x](y) `z` #1 \\';
    const text = markdownOf(report([suite([{ ...MISSED, why: nasty, replay: "echo '`a``b'" }], { name: nasty })], { verdict: nasty }));
    const shown = 'b\\_c\\* &lt;b&gt;&amp;amp;&lt;/b&gt; \\[x\\](y) \\`z\\` \\#1 \\\\';
    expect(text.split('\n')).toEqual([
      `**a|${shown}**`,
      '',
      '| scenario | result |',
      '| --- | --- |',
      `| a\\|${shown} | ok |`,
      '',
      `- a|${shown}: a|${shown}<br>\`\`\` echo '\`a\`\`b' \`\`\``,
      '',
      '',
    ]);
  });

  it('leaves out what nobody reads through, and says so', () => {
    const many = Array.from({ length: 120 }, (_, index) => suite([MISSED], { name: `s${index}` }));
    const text = markdownOf(report(many));
    expect(text).toContain('… and 20 rows more.');
    expect(text).toContain('… and 70 failures more.');
  });
});
