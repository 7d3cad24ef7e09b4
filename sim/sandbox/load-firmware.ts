/**
 * Loads firmware for virtual boards: the kit's own apps as they are, everybody else's JavaScript so that it
 * is held to the HAL, and watched (own-firmware.ts), and any other kind as its runtime does.
 */
import { join, sep } from 'node:path';
import { findApp, loadApp } from 'firmware/cli/load-app';
import { KIT_FOLDER } from 'host/kit';
import type { FirmwareImage } from '../board/runtime.ts';
import { runtimeOf } from '../board/runtimes/index.ts';
import { imageOf } from '../board/runtimes/javascript.ts';
import type { LoadedFirmware, loadOwn } from './own-firmware.ts';

const APPS_FOLDER = join(KIT_FOLDER, 'firmware', 'apps');
/** What the kit comes with: it keeps to the HAL by tests of its own. */
export const KIT_APPS: readonly string[] = ['button', 'echo', 'sensor', 'sos', 'thermometer', 'updatable'];

/**
 * @param file as its user names it; a UsageError says what is wrong with it
 * @param own of own-firmware.ts; left out: imported when it is needed, which a worker thread cannot do
 */
export async function loadFirmware(file: string, own?: typeof loadOwn): Promise<LoadedFirmware> {
  const { load } = runtimeOf(file);
  if (load !== null) return { ...(await load(file)), sources: [] };
  const path = findApp(file);
  if (KIT_APPS.some((name) => path === `${APPS_FOLDER}${sep}${name}.ts`)) return { ...imageOf(loadApp(file)), sources: [] };
  return await (own ?? (await import('./own-firmware.ts')).loadOwn)(file, path);
}

/** Several, each program loaded once. */
export async function loadPrograms(files: readonly string[], own?: typeof loadOwn): Promise<FirmwareImage[]> {
  const known = new Map<string, FirmwareImage>();
  for (const file of files) if (!known.has(file)) known.set(file, await loadFirmware(file, own));
  return files.map((file) => known.get(file) as FirmwareImage);
}
