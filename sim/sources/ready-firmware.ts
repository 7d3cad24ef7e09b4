/**
 * Firmware that is about to run: loaded once before anything else is done, and held against what a board can
 * run.
 *
 * What `npx tsx firmware check` finds in the user's own sources is refused here in the same words. That loads
 * a compiler's front end, a quarter of a second, so the kit's own apps, which tests hold to it, are not
 * looked at.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { plural } from 'host/format';
import { UsageError } from 'host/user-error';
import { PROFILES } from '../board/profiles/index.ts';
import type { FirmwareImage } from '../board/runtime.ts';
import { loadFirmware } from '../sandbox/load-firmware.ts';
import { groupsOf } from '../scenario/groups.ts';
import type { BoardSettings, Scenario } from '../scenario/scenario.ts';

/** @param note says what is odd and no reason to refuse */
export async function readyFirmware(boards: BoardSettings, note: (line: string) => void): Promise<FirmwareImage> {
  const { firmware: file, device, anyJavaScript } = boards;
  const firmware = await loadFirmware(file);
  if (anyJavaScript || firmware.sources.length === 0) return firmware;
  const { errors: findings, warnings } = await findingsIn(firmware.sources);
  for (const warning of warnings) note(`${warning}\n`);
  if (findings.length === 0) return firmware;
  if (PROFILES[device].javascript !== null) throw new UsageError(findings.join('\n'));
  const others = findings.length > 1 ? `, and ${plural(findings.length - 1, 'finding')} more` : '';
  note(`Espruino cannot run ${file} (${findings[0]}${others}); ${device} plays it all the same.\n`);
  return firmware;
}

/** What each group of the scenario's fleet runs. */
export async function readyPrograms(scenario: Scenario, note: (line: string) => void): Promise<FirmwareImage[]> {
  return await eachOnce(
    groupsOf(scenario).map(({ boards }) => boards),
    note,
  );
}

/** Of many, each once. */
export async function readyFirmwares(all: readonly Scenario[], note: (line: string) => void): Promise<void> {
  await eachOnce(
    all.flatMap((scenario) => groupsOf(scenario).map(({ boards }) => boards)),
    note,
  );
}

async function eachOnce(all: readonly BoardSettings[], note: (line: string) => void): Promise<FirmwareImage[]> {
  const known = new Map<string, FirmwareImage>();
  const images: FirmwareImage[] = [];
  for (const boards of all) {
    const key = JSON.stringify([boards.firmware, boards.device, boards.anyJavaScript]);
    const image = known.get(key) ?? (await readyFirmware(boards, note));
    known.set(key, image);
    images.push(image);
  }
  return images;
}

/** In words, each kind in the order of the sources. A warning is of what runs all the same. */
async function findingsIn(sources: readonly string[]): Promise<{ errors: string[]; warnings: string[] }> {
  const { checkSubset } = await import('firmware/build/subset/subset');
  const { describeFindings } = await import('firmware/build/findings-error');
  const findings = sources.flatMap((source) => checkSubset(readFileSync(source, 'utf8'), relative(process.cwd(), source)));
  const words = (wanted: boolean) =>
    findings.filter(({ severity }) => (severity === 'warning') === wanted).map((finding) => describeFindings([finding]));
  return { errors: words(false), warnings: words(true) };
}
