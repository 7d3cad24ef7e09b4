/** Coordinates of a drawing: finer than a screen shows, coarse enough to keep the file small. */
export function roundPixels(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
