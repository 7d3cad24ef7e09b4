/** A repository of somebody's own, in an empty folder, which the kit comes into as any package does. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** An installation downloads what is not in the cache yet. */
const COMMAND_MAX_MS = 540_000;
const USAGE_EXIT = 2;

/** How each package manager installs, and runs what it has installed. */
const MANAGERS = {
  npm: { add: 'npm i -D --prefer-offline --no-audit --no-fund', run: 'npx --no --' },
  // Nothing can be imported that is not declared.
  pnpm: { add: `${resolve('node_modules/.bin/pnpm')} add -D --prefer-offline`, run: `${resolve('node_modules/.bin/pnpm')} exec` },
} as const;
export type Manager = keyof typeof MANAGERS;

export class OwnRepo {
  readonly folder = mkdtempSync(join(tmpdir(), 'squall-own-'));
  private readonly manager: (typeof MANAGERS)[Manager];

  constructor(manager: Manager) {
    this.manager = MANAGERS[manager];
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  add(...packages: readonly string[]): string {
    return this.shell(`${this.manager.add} ${packages.join(' ')}`);
  }

  /** A command of an installed package. @returns standard output */
  run(command: string): string {
    return this.shell(`${this.manager.run} ${command}`);
  }

  /** The same for one that must end with exit code 2. @returns all that it says */
  refused(command: string): string {
    const { status, stdout, stderr } = this.spawn(`${this.manager.run} ${command}`);
    if (status !== USAGE_EXIT) throw new Error(`${command}: exit code ${status}, expected ${USAGE_EXIT}\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  shell(command: string): string {
    const { status, stdout, stderr } = this.spawn(command);
    if (status !== 0) throw new Error(`${command}: exit code ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private spawn(command: string): SpawnSyncReturns<string> {
    return spawnSync('sh', ['-c', command], { cwd: this.folder, env: cleanEnvironment(), encoding: 'utf8', timeout: COMMAND_MAX_MS });
  }
}

/** Without what npm and vitest tell the programs that they start: this is somebody else's terminal. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_)|VITEST|NODE_ENV$|NODE_PATH$|INIT_CWD$)/.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}
