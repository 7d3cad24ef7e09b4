/**
 * What a console can see and change of a live simulation around its relay. The relay knows nothing of
 * simulations: whoever runs one hands this in.
 */

/** The link of one virtual board as it is now. */
export interface BoardWeather {
  id: string;
  /** Packets lost, each way, 0..1. */
  lossRate: number;
  /** One way, ms. */
  latencyMs: number;
  /** Packets vanish in both directions, and nobody is told. */
  blackhole: boolean;
  /** By a console, and not undone. */
  isChanged: boolean;
}

export type WeatherChange = Partial<Omit<BoardWeather, 'id' | 'isChanged'>>;

export interface Weather {
  /** All virtual boards, in their order. */
  boards(): BoardWeather[];
  /**
   * @param ids null: all boards. @returns false when one of the ids is no virtual board, and then nothing has
   *   changed
   */
  change(ids: readonly string[] | null, change: WeatherChange): boolean;
  /** Takes back all changes. @returns at how many boards */
  undo(): number;
}

export const MAX_LATENCY_MS = 60_000;
