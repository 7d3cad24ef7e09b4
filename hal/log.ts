/**
 * What the firmware says about itself. On a board lines go to the console; in the simulator events are the
 * trace and the metrics. Arguments are flat so that an event costs a board no allocation. Secrets (Wi-Fi
 * password, keys) are never passed here.
 */

export interface Log {
  /** One line for a person, without line break. */
  line(text: string): void;
  /**
   * One machine-readable event. Names and meanings are in firmware/events.ts; unused arguments are '' and 0.
   */
  event(name: string, subject: string, detail: string, value: number): void;
}
