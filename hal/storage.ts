/**
 * Small files in flash that survive a reset, and what flash is like: writing takes tens of milliseconds,
 * wears a sector out after some 100,000 times, and may be cut by the loss of power.
 */

export interface Storage {
  /**
   * The file's bytes as a binary string, or null when there is none. File names have at most 28 characters
   * (Espruino).
   */
  read(name: string): string | null;
  /**
   * Puts a file in place of the one of that name, as a whole: after a loss of power in the middle it has the
   * old bytes, or was not there, or has the new ones. The bytes that are there already are not written again.
   * Blocks for as long as the flash takes.
   * @param name 1 to 28 characters from U+0021 to U+007E, none of them / or \, and no dot in front: such
   *   files are the platform's
   * @param bytes 1 to 65,536, a binary string
   * @returns whether it is in flash now; if not (no room, a worn or broken flash) the old file is as it was
   * @throws Error when name or bytes are not as they must be
   */
  write(name: string, bytes: string): boolean;
  /**
   * Takes a file away; nothing when there is none. What a program carries (Espruino: its build's config and
   * certificates) is no file, and comes to light again.
   */
  erase(name: string): void;
  /** Names of the files in flash, in the order of their characters; the platform's own are left out. */
  list(): string[];
}
