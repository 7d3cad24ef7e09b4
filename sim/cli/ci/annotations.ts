/**
 * Failures as GitHub's workflow commands, which its runner turns into annotations at lines of the repository.
 *
 * Syntax and escapes: `packages/core/src/command.ts` of actions/toolkit. The runner reads commands from
 * standard error as from standard output (`ScriptHandler.cs` of actions/runner), and shows ten of a step.
 */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { plural } from 'host/format';
import { type Case, type CiReport, isBad, type Suite } from './suite.ts';

interface Failure {
  suite: Suite;
  one: Case;
}

/**
 * A line for each, with its line feed; of what failed at the same place for the same reason, as in many cells
 * of a study, one for all.
 * @param workspace the folder of the repository
 */
export function annotationsOf({ suites }: CiReport, workspace: string): string[] {
  const places = new Map<string, Failure[]>();
  for (const suite of suites) {
    for (const one of suite.cases.filter(isBad)) {
      const key = JSON.stringify([suite.file, one.place, one.asked, one.name]);
      places.set(key, [...(places.get(key) ?? []), { suite, one }]);
    }
  }
  return [...places.values()].map(([first, ...others]) => annotation(first, others.length, workspace));
}

function annotation({ suite, one }: Failure, others: number, workspace: string): string {
  const properties = {
    ...(suite.file !== null && { file: fileIn(workspace, suite.file) }),
    ...(suite.file !== null && one.place !== null && { line: one.place.line, col: one.place.column }),
    title: `${suite.name}: ${one.name}`,
  };
  const shown = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const more = others === 0 ? '' : ` And ${plural(others, 'time')} more.`;
  return `::error ${shown.join(',')}::${escapeData(`${one.why}${more}\nAgain: ${one.replay}`)}\n`;
}

/** As the repository names it; a file outside of it by its whole path. */
function fileIn(workspace: string, file: string): string {
  const path = relative(workspace, resolve(file));
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? resolve(file) : path.replaceAll(sep, '/');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
