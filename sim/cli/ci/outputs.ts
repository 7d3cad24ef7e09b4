/**
 * Where continuous integration is told, as the flags say: opened before anything runs, written when all of it
 * has.
 */
import type { CiValues } from '../flags/ci-flags.ts';
import type { Io } from '../io.ts';
import { OutputFile } from '../output/output-file.ts';
import { annotationsOf } from './annotations.ts';
import { markdownOf } from './markdown.ts';
import { type CiReport, withError } from './suite.ts';

export class CiOutputs {
  private readonly junit: OutputFile | null;
  private readonly markdown: OutputFile | null;
  private readonly annotates: boolean;

  /** @throws UsageError for a file that cannot be written */
  constructor(values: CiValues) {
    const { junit, annotations, 'summary-md': markdown } = values;
    this.junit = junit === undefined ? null : new OutputFile('junit', junit, false);
    this.markdown = markdown === undefined ? null : new OutputFile('summary-md', markdown, true);
    this.annotates = annotations === 'github';
  }

  /**
   * Does the work and tells what came of it, an error that it throws included.
   * @param report what is known by then; called only when somebody wants it
   */
  async telling<T>(io: Io, report: () => CiReport, work: () => Promise<T>): Promise<T> {
    const end: { value: T } | { error: unknown } = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (this.junit !== null || this.markdown !== null || this.annotates)
      await this.write('error' in end ? withError(report(), end.error) : report(), io);
    if ('error' in end) throw end.error;
    return end.value;
  }

  private async write(report: CiReport, io: Io): Promise<void> {
    // A writer of XML, for which no other command need wait.
    if (this.junit !== null) this.junit.write((await import('./junit.ts')).junitOf(report));
    this.markdown?.write(markdownOf(report));
    // On standard error, where it does not mix with --json; GitHub's runner reads both.
    if (this.annotates) for (const line of annotationsOf(report, process.env.GITHUB_WORKSPACE ?? process.cwd())) io.err(line);
  }
}
