/**
 * Findings as files: the chapter of a study in scenarios/studies/README.md, and its figures and table beside
 * it.
 */
import { plural } from 'host/format';
import { asFile } from '../chart/chart.ts';
import { figuresOf } from '../chart/figures.ts';
import { type StudyTable, toCsv } from '../sweep/table.ts';
import { studyVerdict } from '../sweep/verdict.ts';
import type { Findings } from './findings.ts';

export interface WriteUp {
  /** Markdown. */
  chapter: string;
  /** By name, in the folder of figures. */
  files: Record<string, string>;
}

/** @param folder of the figures, as the chapter sees it */
export async function writeUp(table: StudyTable, findings: Findings, folder: string): Promise<WriteUp> {
  const { study, about, cells, seeds, command } = table;
  const figures = await figuresOf(table);
  const chosen = findings.figures.map((name) => {
    const figure = figures.find((one) => one.name === name);
    if (figure === undefined)
      throw new Error(`${study} has no figure ${name}; expected one of ${figures.map((one) => one.name).join(', ')}`);
    return { ...figure, file: `${study}.${name}.svg` };
  });
  const [first, ...others] = chosen.map(({ file, finding }) => ({ finding, path: `${folder}/${file}` }));
  const links = [...others.map(({ path, finding }) => `[${finding}](${path})`), `[all cells](${folder}/${study}.csv)`];
  const chapter = `## ${study}

**${studyVerdict(table).words}**

${about}

${findings.text(table)}

![${first.finding}](${first.path})

More: ${links.join(' · ')}

\`\`\`
${command}
\`\`\`

${plural(cells.length, 'cell')} × ${plural(seeds.count, 'seed')}.
`;
  const svgs = chosen.map(({ file, svg, finding }) => [file, asFile(svg, finding)]);
  return { chapter, files: Object.fromEntries([...svgs, [`${study}.csv`, toCsv(table)]]) };
}

const MARKS = ['<!-- written by npm run studies -->\n', '<!-- end -->\n'] as const;

/** A text whose part between the marks is replaced. */
export function withChapters(text: string, chapters: readonly string[]): string {
  const [from, to] = MARKS.map((mark) => text.indexOf(mark));
  if (from < 0 || to < from) throw new Error(`expected the lines ${MARKS.map((mark) => mark.trim()).join(' and ')}`);
  return `${text.slice(0, from)}${MARKS[0]}\n${chapters.join('\n')}\n${text.slice(to)}`;
}
