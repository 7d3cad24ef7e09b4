/** How the air around a board changes by a step. */
import type { Air } from '../../../board/peripherals/surroundings.ts';
import type { Parameters } from '../action.ts';

/** From what it was before to what the step says: at once, or on a straight line (`over`). */
export function airCourse({ temperature, humidity, pressure, over }: Parameters, now: () => number): (before: Air) => Air {
  const fromMs = now();
  const along = (from: number, to: unknown): number => {
    if (to === undefined) return from;
    const share = over === undefined ? 1 : Math.min((now() - fromMs) / (over as number), 1);
    return from + ((to as number) - from) * share;
  };
  return (before) => ({
    temperatureC: along(before.temperatureC, temperature),
    humidityPercent: along(before.humidityPercent, humidity),
    pressureHpa: along(before.pressureHpa, pressure),
  });
}
