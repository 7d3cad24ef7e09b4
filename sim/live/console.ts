/**
 * The relay's console at a live run: it outlives the relays that the scenario stops, and beside clients it
 * shows and changes the weather on virtual links.
 *
 * Who shows its token can end a client's session, reset a board's connections and restart the relay; the
 * latter two are steps of the world like those of a scenario. It can also see what a board's connections
 * stand at.
 */
import type { Duplex } from 'node:stream';
import type { RelayConsole } from 'relay/console/console';
import type { Operations } from 'relay/console/operations';
import type { Weather } from 'relay/console/weather';
import type { WorldEvent } from '../kernel/events.ts';
import { isVirtual } from '../net/wire/duplex.ts';
import { Standstill } from '../run/standstill/standstill.ts';
import type { TimelineWorld } from '../scenario/timeline.ts';
import type { Controls } from '../world/controls/controls.ts';
import type { World } from '../world/world.ts';
import { ConsoleWeather } from './console-weather.ts';

/** Makes the console of a run. */
export type OpenConsole = (parts: { isVirtual: (stream: Duplex) => boolean; weather: Weather; operations: Operations }) => RelayConsole;

/** By which the steps of the scenario move the world, too. */
type Moves = Pick<TimelineWorld<Controls>, 'faults' | 'actions'>;

/** To be called before the world starts. */
export function attachConsole(world: World, moves: Moves, open: OpenConsole): RelayConsole {
  const weather = new ConsoleWeather(moves.faults);
  const page = open({ isVirtual, weather, operations: operationsOf(world, moves, weather) });
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

function operationsOf(world: World, { faults, actions }: Moves, weather: ConsoleWeather): Operations {
  const standstill = new Standstill(world);
  const [linkReset, relayRestart] = [actions['link.reset'], actions['relay.restart']];
  return {
    kick: (id) => world.ownRelay?.kick(id) ?? false,
    reset(id) {
      const board = weather.boardOf(id);
      if (board === undefined) return false;
      linkReset.apply(faults, [board], {});
      world.noteStep(linkReset.action, `connections are reset (${id}), from the console`);
      return true;
    },
    netstat(id) {
      const board = weather.boardOf(id);
      return board === undefined ? null : standstill.textOf(board);
    },
    restart() {
      if (world.ownRelay?.running !== true) return false;
      const what = 'the relay restarts, from the console';
      const undo = relayRestart.apply(faults, [], {});
      world.noteStep(relayRestart.action, what);
      world.scheduler.schedule(() => {
        undo();
        world.noteStep(relayRestart.action, `over: ${what}`);
      }, Number(relayRestart.lasts));
      return true;
    },
  };
}
