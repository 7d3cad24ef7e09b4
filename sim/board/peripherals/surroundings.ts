/** The air around a board. Each change begins where the last has come to. */
import { type Air, ROOM } from 'hal/bench/air';

export type { Air } from 'hal/bench/air';

export class Surroundings {
  private now: () => Air = () => ROOM;
  /** What sensors measure. */
  readonly air = (): Air => this.now();

  /** @param course from what it was at this moment to what it is */
  change(course: (before: Air) => Air): void {
    const before = this.now();
    this.now = () => course(before);
  }
}
