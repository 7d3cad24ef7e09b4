/**
 * A user's firmware: its modules loaded apart and held to the HAL (own-modules.ts), a copy of them for each
 * board at each boot (module-copy.ts), its handlers watched (watchdog.ts).
 */
import { dirname, relative, sep } from 'node:path';
import type { FirmwareApp } from 'firmware/boot';
import { loadApp } from 'firmware/cli/load-app';
import type { Hal } from 'hal';
import { UsageError } from 'host/user-error';
import type { FirmwareImage } from '../board/runtime.ts';
import { javascriptImage, mentionsPromises } from '../board/runtimes/javascript.ts';
import { takeTurn } from '../kernel/turn.ts';
import { NOWHERE } from './board-globals.ts';
import { ModuleCopy } from './module-copy.ts';
import { takeRefusals } from './outside-hal.ts';
import { type OnModule, type OwnModule, ownModule, placeIn, shownPlace } from './own-modules.ts';
import { framesOf } from './stack.ts';
import { turns } from './turns.ts';
import { stuckIn, Watchdog } from './watchdog.ts';

export interface LoadedFirmware extends FirmwareImage {
  /** Absolute paths of the user's own sources in JavaScript. */
  readonly sources: readonly string[];
}

/** By path: a module is loaded once, as Node does it. */
const loaded = new Map<string, LoadedFirmware>();
let watchdog: Watchdog | null = null;
/** Of any app so far: apps may share modules, and a fleet may have several. */
let usesPromises = false;

/** @param file as its user named it @param path absolute */
export async function loadOwn(file: string, path: string): Promise<LoadedFirmware> {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  process.env.TZ = 'UTC'; // a board has no time zone either, and hours must not depend on where the computer is
  watchdog ??= new Watchdog();
  const dog = watchdog;
  const sources: string[] = [];
  const onModule: OnModule = (source, code) => {
    dog.beat();
    sources.push(source);
    usesPromises ||= mentionsPromises(code);
  };
  const module = await dog.watch(() => load(file, onModule));
  const appOn = (hal: Hal): FirmwareApp => (new ModuleCopy(hal).require(module) as { app: FirmwareApp }).app;
  const hosted = {
    // Also of a module that only a handler loads.
    get usesPromises() {
      return usesPromises;
    },
    supervision: {
      onHandler: () => {
        turns.refill();
        return dog.beat();
      },
      takeHang: () => turns.take(),
      watch: <T>(work: () => Promise<T>) => dog.watch(work),
      verify,
    },
  };
  const firmware = { ...javascriptImage(appOn, hosted, placeFrom(dirname(path))), sources };
  loaded.set(path, firmware);
  return firmware;
}

/** @param folder of the app */
function placeFrom(folder: string): (error: unknown) => string {
  return (error) => {
    const place = placeIn(error);
    return place === null ? '' : `${relative(folder, place.file).replaceAll(sep, '/')}:${place.line}`;
  };
}

/**
 * The module that has the app, tried once on no board, so that what is wrong with it is found before a run.
 *
 * In turns of their own: what the module leaves behind in a promise is part of loading it, and an endless
 * loop takes nothing else with it.
 */
async function load(file: string, onModule: OnModule): Promise<OwnModule> {
  let module: OwnModule | null = null;
  const thrown: unknown[] = [];
  const processOnRejection = (reason: unknown): void => void thrown.push(reason);
  process.on('unhandledRejection', processOnRejection);
  try {
    await takeTurn();
    turns.refill();
    loadApp(file, (path) => {
      try {
        module = ownModule(path, onModule);
        return new ModuleCopy(NOWHERE).require(module);
      } catch (error) {
        thrown.push(error);
        throw error;
      }
    });
    await takeTurn();
    verifyHang();
    if (thrown.length > 0) throw new UsageError(`${file}: cannot be loaded: ${String(thrown[0])}`);
    return module as unknown as OwnModule;
  } catch (error) {
    verifyHang();
    const place = placeIn(thrown[0]);
    if (!(error instanceof UsageError) || place === null) throw error;
    throw new UsageError(`${error.message} (${shownPlace(place)})`);
  } finally {
    process.off('unhandledRejection', processOnRejection);
    verify();
  }
}

/** Of what has run only to be tried. */
function verifyHang(): void {
  const where = turns.take();
  if (where !== null) throw stuckIn(framesOf(where));
}

function verify(): void {
  const refusals = takeRefusals();
  if (refusals.length > 0) throw new UsageError(refusals.join('\n'));
}
