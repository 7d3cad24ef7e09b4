/**
 * The weather of a live run as a console sees and changes it: for each board one layer over what the scenario
 * does with its link.
 *
 * Of two changes to the same setting the one that began later counts, as with two steps of a scenario, and a
 * step that ends takes nothing of the console's with it. Undone, the link is what it would be without the
 * console; only a black hole of the scenario that was ended here stays ended.
 */
import type { BoardWeather, Weather, WeatherChange } from 'relay/console/weather';
import { boardId } from '../kernel/board-id.ts';
import type { Faults, Undo } from '../scenario/faults.ts';
import type { Controls } from '../world/controls/controls.ts';

/** What a console has done to one board's link. */
interface Layer {
  settings: Omit<WeatherChange, 'blackhole'>;
  undoSettings: Undo | null;
  undoBlackhole: Undo | null;
}

export class ConsoleWeather implements Weather {
  private readonly faults: Faults<Controls>;
  private readonly indices: readonly number[];
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly layers = new Map<number, Layer>();

  constructor(faults: Faults<Controls>) {
    this.faults = faults;
    this.indices = Array.from({ length: faults.controls.boardCount }, (_, index) => index);
    this.indexOf = new Map(this.indices.map((index) => [boardId(index), index]));
  }

  /** undefined: no virtual board. */
  boardOf(id: string): number | undefined {
    return this.indexOf.get(id);
  }

  boards(): BoardWeather[] {
    return this.indices.map((index) => {
      const { settings, blackhole } = this.faults.controls.link(index);
      const { lossRate, latencyMs } = settings;
      return { id: boardId(index), lossRate, latencyMs, blackhole, isChanged: this.layers.has(index) };
    });
  }

  change(ids: readonly string[] | null, change: WeatherChange): boolean {
    const boards = ids?.map((id) => this.indexOf.get(id)) ?? this.indices;
    if (!boards.every((index) => index !== undefined)) return false;
    for (const board of boards) this.changeBoard(board, change);
    return true;
  }

  undo(): number {
    const { size } = this.layers;
    for (const { undoSettings, undoBlackhole } of this.layers.values()) {
      undoSettings?.();
      undoBlackhole?.();
    }
    this.layers.clear();
    return size;
  }

  private changeBoard(board: number, { blackhole, ...settings }: WeatherChange): void {
    const layer = this.layers.get(board) ?? { settings: {}, undoSettings: null, undoBlackhole: null };
    this.layers.set(board, layer);
    if (Object.keys(settings).length > 0) {
      layer.undoSettings?.();
      Object.assign(layer.settings, settings);
      layer.undoSettings = this.faults.changeLink(board, layer.settings);
    }
    if (blackhole !== undefined) this.setBlackhole(board, layer, blackhole);
  }

  private setBlackhole(board: number, layer: Layer, on: boolean): void {
    const link = this.faults.controls.link(board);
    if (on) layer.undoBlackhole ??= this.faults.hold(blackholeOf(board), (isHeld) => link.setBlackhole(isHeld));
    else {
      layer.undoBlackhole?.();
      layer.undoBlackhole = null;
    }
    // A step of the scenario may hold it too, or may have been overruled here.
    link.setBlackhole(on);
    if (layer.undoSettings === null && layer.undoBlackhole === null) this.layers.delete(board);
  }
}

/** As the step `link.blackhole` names it. */
function blackholeOf(board: number): string {
  return `blackhole ${board}`;
}
