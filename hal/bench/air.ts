/** What sensors of the air measure. */

export interface Air {
  temperatureC: number;
  humidityPercent: number;
  pressureHpa: number;
}

/** A room at sea level. */
export const ROOM: Air = { temperatureC: 21.5, humidityPercent: 45, pressureHpa: 1_013.25 };
