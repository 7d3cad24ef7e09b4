/** A user's firmware: its modules loaded apart and held to the HAL (own-modules.ts), its handlers watched (watchdog.ts). */
import { dirname, relative, sep } from 'node:path';
import type { FirmwareApp } from 'firmware/boot';
import { loadApp } from 'firmware/cli/load-app';
import { UsageError } from 'host/user-error';
import { type Firmware, mentionsPromises } from '../board/firmware.ts';
import { takeTurn } from '../kernel/turn.ts';
import { takeRefusals } from './outside-hal.ts';
import { type OnModule, placeIn, requireOwn, shownPlace } from './own-modules.ts';
import { Watchdog } from './watchdog.ts';

export interface LoadedFirmware extends Firmware {
  /** Absolute paths of the user's own sources. */
  readonly sources: readonly string[];
}

/** By path: a module is loaded once, as Node does it. */
const loaded = new Map<string, LoadedFirmware>();
let watchdog: Watchdog | null = null;

/** @param file as its user named it @param path absolute */
export async function loadOwn(file: string, path: string): Promise<LoadedFirmware> {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  process.env.TZ = 'UTC'; // a board has no time zone either, and hours must not depend on where the computer is
  watchdog ??= new Watchdog();
  const dog = watchdog;
  const sources: string[] = [];
  let usesPromises = false;
  const onModule: OnModule = (source, code) => {
    dog.beat();
    sources.push(source);
    usesPromises ||= mentionsPromises(code);
  };
  const app = await dog.watch(() => load(file, onModule));
  const firmware: LoadedFirmware = {
    app,
    sources,
    // Also of a module that only a handler loads.
    get usesPromises() {
      return usesPromises;
    },
    placeOf: (error) => {
      const place = placeIn(error);
      return place === null ? '' : `${relative(dirname(path), place.file).replaceAll(sep, '/')}:${place.line}`;
    },
    supervision: { onHandler: () => dog.beat(), watch: (work) => dog.watch(work), verify },
  };
  loaded.set(path, firmware);
  return firmware;
}

/** In turns of their own: what the module leaves behind in a promise is part of loading it, and an endless loop takes nothing else with it. */
async function load(file: string, onModule: OnModule): Promise<FirmwareApp> {
  const thrown: unknown[] = [];
  const processOnRejection = (reason: unknown): void => void thrown.push(reason);
  process.on('unhandledRejection', processOnRejection);
  try {
    await takeTurn();
    const app = loadApp(file, (path) => {
      try {
        return requireOwn(path, onModule);
      } catch (error) {
        thrown.push(error);
        throw error;
      }
    });
    await takeTurn();
    if (thrown.length > 0) throw new UsageError(`${file}: cannot be loaded: ${String(thrown[0])}`);
    return app;
  } catch (error) {
    const place = placeIn(thrown[0]);
    if (!(error instanceof UsageError) || place === null) throw error;
    throw new UsageError(`${error.message} (${shownPlace(place)})`);
  } finally {
    process.off('unhandledRejection', processOnRejection);
    verify();
  }
}

function verify(): void {
  const refusals = takeRefusals();
  if (refusals.length > 0) throw new UsageError(refusals.join('\n'));
}
