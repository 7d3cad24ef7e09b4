/**
 * The user's mistake, in words for the user; several lines when several things are wrong. A command turns it
 * into exit code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
