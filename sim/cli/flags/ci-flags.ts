/**
 * The flags that tell continuous integration what came of a command, the same for every command that holds
 * runs to something.
 */
import { choiceFlag, valueFlag } from 'host/command-line';

function fileFlag(about: string) {
  return valueFlag<string>({ about, expected: 'a file', parse: (text) => (text === '' ? null : text) });
}

export const CI_FLAGS = {
  junit: fileFlag('Also write JUnit XML, a test case for each scenario, check and threshold'),
  annotations: choiceFlag('Also mark failures at their lines of the scenario, on standard error', ['none', 'github'], 'none'),
  'summary-md': fileFlag('Also append the verdict and a table in Markdown, as to "$GITHUB_STEP_SUMMARY"'),
};

export interface CiValues {
  junit: string | undefined;
  annotations: 'none' | 'github';
  'summary-md': string | undefined;
}
