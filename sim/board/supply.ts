/**
 * A supply that sags when the radio begins to transmit: a thin USB cable, a regulator too small, a battery
 * near its end. The chip's brownout detector then resets the board (ESP-IDF: CONFIG_ESP_BROWNOUT_DET, 2.43 V
 * at its default level), which joins again and sags again: a loop.
 *
 * The peak that counts is that of a join: calibration, scan and association at 1 Mbit/s and full power, 240
 * mA (data sheet), 300 to 500 mA with the calibration [assumed]. Not modelled: the shorter and weaker peaks
 * of a station that has joined (180 to 190 mA), the voltage itself, and what the detector does to the flash.
 */
export interface Supply {
  /** Share of peaks at which the board resets now; null: it is firm. */
  readonly resetChance: (() => number) | null;
}

export const FIRM_SUPPLY: Supply = { resetChance: null };

/** From the start of a join to its peak, ms: the calibration with data stored from an earlier one. */
export const CALIBRATION_MS = 100;

/** As the ROM of an ESP32 prints it at the next boot. */
export const BROWNOUT_RESET = 'rst:0xf (RTCWDT_BROWN_OUT_RESET)';

/** Above this share of its charge a battery does not sag below the detector's level [unknown, assumed]. */
const KNEE = 0.3;

/**
 * Of peaks, when this share of a battery's charge is left: none above the knee, then more and more, all when
 * it is empty. In between a straight line, as its inner resistance is about inverse to what is left [unknown,
 * assumed: no battery was measured].
 */
export function resetChanceOf(charge: number): number {
  return Math.min(Math.max((KNEE - charge) / KNEE, 0), 1);
}

/** Of a battery that has this share of its charge left, 0 to 1. */
export function supplyOf(charge: () => number): Supply {
  return { resetChance: () => resetChanceOf(charge()) };
}

/** Of a full battery that the board itself empties. @param drawnMah since it was full */
export function batterySupply(capacityMah: number, drawnMah: () => number): Supply {
  return supplyOf(() => 1 - drawnMah() / capacityMah);
}
