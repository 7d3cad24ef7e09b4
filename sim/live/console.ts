/**
 * The relay's console at a live run: it outlives the relays that the scenario stops, and beside clients it shows and changes the weather on virtual links.
 *
 * What is changed here comes on top of the scenario: a step that ends puts back what it found when it began.
 */
import type { Duplex } from 'node:stream';
import type { RelayConsole } from 'relay/console/console';
import type { BoardWeather, Weather, WeatherChange } from 'relay/console/weather';
import { boardId } from '../kernel/board-id.ts';
import type { WorldEvent } from '../kernel/events.ts';
import { isVirtual } from '../net/wire/duplex.ts';
import type { World } from '../world/world.ts';

/** Makes the console of a run. */
export type OpenConsole = (parts: { isVirtual: (stream: Duplex) => boolean; weather: Weather }) => RelayConsole;

/** To be called before the world starts. */
export function attachConsole(world: World, open: OpenConsole): RelayConsole {
  const page = open({ isVirtual, weather: weatherOf(world) });
  world.ownRelay?.show(page);
  world.events$.subscribe((event) => note(page, event));
  page.start();
  return page;
}

/** A page takes `runs again` for the end of an outage, and shows any other word of the relay until then. */
function note(page: RelayConsole, { event, subject, detail }: WorldEvent): void {
  if (event === 'step') page.note('step', '', `${subject}: ${detail}`);
  else if (event === 'relay.down') page.note('relay', '', detail === 'hang' ? 'hangs: accepts, and answers nothing' : 'stopped');
  else if (event === 'relay.up') page.note('relay', '', 'runs again');
}

function weatherOf(world: World): Weather {
  const indices = Array.from({ length: world.boardCount }, (_, index) => index);
  const indexOf = new Map(indices.map((index) => [boardId(index), index]));
  const boardWeather = (index: number): BoardWeather => {
    const { settings, blackhole } = world.controls.link(index);
    return { id: boardId(index), lossRate: settings.lossRate, latencyMs: settings.latencyMs, blackhole };
  };
  return {
    boards: () => indices.map(boardWeather),
    change: (ids, change) => {
      const boards = ids?.map((id) => indexOf.get(id)) ?? indices;
      if (!boards.every((index) => index !== undefined)) return false;
      for (const board of boards) apply(world, board, change);
      return true;
    },
  };
}

function apply(world: World, board: number, { blackhole, ...settings }: WeatherChange): void {
  const link = world.controls.link(board);
  if (Object.keys(settings).length > 0) link.change(settings);
  if (blackhole !== undefined) link.setBlackhole(blackhole);
}
