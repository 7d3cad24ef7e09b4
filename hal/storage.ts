/** Small files in flash that survive a reset. */

export interface Storage {
  /**
   * The file's bytes as a binary string, or null when there is none. File names have at most 28 characters
   * (Espruino).
   */
  read(name: string): string | null;
}
