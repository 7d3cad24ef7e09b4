/** What a study of the kit says about its own outcome, for scenarios/studies/README.md. */
import type { StudyTable } from '../sweep/table.ts';

export interface Findings {
  /** Figures worth a file, by name (figures.ts); the first stands in the text. */
  figures: readonly string[];
  /**
   * Markdown: findings, theory beside measurement, and why they differ. Every number comes from the table.
   */
  text(table: StudyTable): string;
}
