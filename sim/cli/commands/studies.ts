/**
 * `npm run studies`: runs the kit's own studies, or goes on with them, and writes their findings and figures
 * into scenarios/studies.
 *
 * Studies are swept as `npx tsx sim sweep` does it, with its folders, so runs that are finished are not run
 * again.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from 'host/user-error';
import { folderOfFile } from '../../sources/folder-of-file.ts';
import { FINDINGS } from '../../study/findings/index.ts';
import { withChapters, writeUp } from '../../study/findings/write-up.ts';
import { loadStudy } from '../../study/sweep/study.ts';
import type { StudyTable } from '../../study/sweep/table.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readScenario } from '../files/scenario-file.ts';
import { type Io, processIo } from '../io.ts';
import { main } from '../main.ts';
import { folderOf } from '../sweeping.ts';

const STUDIES = 'scenarios/studies';
const FIGURES = 'figures';

async function writeStudies(io: Io): Promise<ExitCode> {
  const chapters: string[] = [];
  mkdirSync(join(STUDIES, FIGURES), { recursive: true });
  for (const [name, findings] of Object.entries(FINDINGS)) {
    const file = `${STUDIES}/${name}.yaml`;
    const exitCode = await main(['sweep', file], io);
    if (exitCode !== EXIT.ok) return exitCode;
    const { chapter, files } = await writeUp(readTable(file), findings, FIGURES);
    for (const [figure, text] of Object.entries(files)) writeFileSync(join(STUDIES, FIGURES, figure), text);
    chapters.push(chapter);
  }
  const readme = join(STUDIES, 'README.md');
  writeFileSync(readme, withChapters(readFileSync(readme, 'utf8'), chapters));
  io.out(`Written: ${readme}, ${join(STUDIES, FIGURES)}/\n`);
  return EXIT.ok;
}

/** What the sweep left behind. */
function readTable(file: string): StudyTable {
  const { study, errors } = loadStudy(file, readScenario(file), null, folderOfFile(file));
  if (study === null) throw new UsageError(errors.join('\n'));
  return JSON.parse(readFileSync(join(folderOf(study), 'cells.json'), 'utf8')) as StudyTable;
}

writeStudies(processIo()).then((exitCode) => {
  process.exitCode = exitCode;
});
