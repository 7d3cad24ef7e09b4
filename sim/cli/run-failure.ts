/** Something that is the kit's fault; says how to see it again. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly replay: string;

  constructor(replay: string, cause: unknown) {
    super('the run failed', { cause });
    this.replay = replay;
  }
}
