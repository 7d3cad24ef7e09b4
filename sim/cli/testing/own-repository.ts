/** A folder like somebody's own repository, in which the kit is installed: this clone, as it is. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Of the package, the sources in place of what is compiled from them. */
const EXPORTS = {
  './hal': './hal/index.ts',
  './firmware': './firmware/api.ts',
  './sim': './sim/api/index.ts',
  './vitest': './sim/vitest/index.ts',
};

export function installKit(folder: string): void {
  const modules = join(folder, 'node_modules');
  const kit = join(modules, 'squall-kit');
  mkdirSync(kit, { recursive: true });
  for (const part of ['hal', 'firmware', 'relay', 'sim', 'scenarios']) symlinkSync(resolve(part), join(kit, part));
  writeFileSync(join(kit, 'package.json'), JSON.stringify({ name: 'squall-kit', exports: EXPORTS }));
  for (const name of ['vitest', 'typescript', '@types']) symlinkSync(resolve('node_modules', name), join(modules, name));
}

/** What a program of node_modules says there; when it fails, that and how. */
export function runIn(folder: string, program: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('node_modules', program), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, VITEST: undefined, CI: '1', NO_COLOR: '1' },
  });
  return status === 0 ? stdout : `exit ${status}\n${stdout}${stderr}`;
}
