/**
 * What no text in the repository may contain: paths of the machine it was written on, and the names of the
 * tools it was written with.
 */
import type { Problem, SourceFile } from './source-file.ts';

const MACHINE_PATH = /(?<![\w.~])\/(work|farm|tmp|home|root|Users)\//;
/** In two halves, so that this file keeps its own rule. */
const TOOL_NAME = new RegExp(
  ['clau' + 'de', 'anthro' + 'pic', 'open' + 'ai', 'chat' + 'gpt', 'copi' + 'lot', 'sub' + '-?agent', 'language ' + 'model'].join('|'),
  'i',
);

export function textProblems(file: SourceFile): Problem[] {
  return file.text.split('\n').flatMap((line, index) => {
    const where = `${file.path}:${index + 1}`;
    const problems: Problem[] = [];
    if (MACHINE_PATH.test(line)) problems.push(`${where}: a path of one machine: use a relative path or os.tmpdir()`);
    if (TOOL_NAME.test(line)) problems.push(`${where}: names a tool it was written with: say what the code does`);
    return problems;
  });
}
