/**
 * The package as its users have it: made by `npm pack`, installed in an empty folder elsewhere, by npm and in
 * the strict layout of pnpm. It does there what the clone does.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedPackages, packagesIn } from './.ci/package/loaded-packages.ts';
import { type Manager, OwnRepo } from './.ci/package/own-repo.ts';
import { USERS_FILES } from './.ci/package/users-files.ts';

/** Some minutes, and a registry, so CI alone runs it: `CI=true npx vitest run package.test.ts`. */
const IS_WANTED = process.env.CI === 'true';
/** On a machine that is busy with something else. */
const INSTALL_MAX_MS = 600_000;
const COMMANDS_MAX_MS = 300_000;
const FLEET = ['--boards', '20', '--drop-rate', '0.1', '--json', '--no-report', '--no-trace'];

const folder = mkdtempSync(join(tmpdir(), 'squall-pack-'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
let tarball = '';

beforeAll(() => {
  if (!IS_WANTED) return;
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { encoding: 'utf8' });
  tarball = join(folder, packed.trim().split('\n').at(-1) ?? '');
}, INSTALL_MAX_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }), INSTALL_MAX_MS);

/** Of a run, from its `--json`. */
function hashOf(json: string): string {
  return (JSON.parse(json) as { trace_hash: string }).trace_hash;
}

function inClone(program: 'sim' | 'firmware', ...words: string[]): string {
  return execFileSync(process.execPath, ['--import', 'tsx', `${program}/index.ts`, ...words], { encoding: 'utf8' });
}

describe.skipIf(!IS_WANTED)('the package (CI=true)', () => {
  it('loads nothing but what it declares, and runs nothing when it is installed', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies });
    expect(loadedPackages('dist').filter((name) => !declared.includes(name))).toEqual([]);
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^(pre|post)?prepare$/.test(name))).toEqual([]);
  });

  it.each([
    [['--version'], 0, `${manifest.version}\n`],
    [['--help'], 0, /squall PROGRAM …\n\n {2}sim /],
    [[], 2, /^expected a program: sim, relay, firmware, init; /],
    [['simm'], 2, 'unknown program "simm"; the nearest one is sim\n'],
  ])('answers %j with exit code %i', (words, exitCode, says) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/squall.js', ...words], { encoding: 'utf8' });
    expect([status, stdout + stderr]).toEqual([exitCode, typeof says === 'string' ? says : expect.stringMatching(says)]);
  });

  it('is loaded by what is looked for', () => {
    const code = "require('a'); await import(\"@b/c/d\"); require.resolve('e/package.json'); require('node:fs'); require('./f.js')";
    expect(packagesIn(code)).toEqual(['a', '@b/c', 'e']);
  });

  it('has exports as publint wants them, and types that resolve everywhere', { timeout: COMMANDS_MAX_MS }, () => {
    expect(execFileSync('node_modules/.bin/publint', ['run', tarball, '--strict'], { encoding: 'utf8' })).toContain('All good!');
    // Before Node 16 exports were not looked at.
    execFileSync('node_modules/.bin/attw', [tarball, '--profile', 'node16'], { encoding: 'utf8' });
  });
});

describe.skipIf(!IS_WANTED).each<Manager>(['npm', 'pnpm'])('in a repository of one’s own, by %s (CI=true)', (manager) => {
  const repo = new OwnRepo(manager);
  /** What depends on no layout is tried in one. */
  const ofNpm = it.runIf(manager === 'npm');

  beforeAll(() => {
    repo.shell('npm init -y');
    // As they are here: what is new elsewhere must not break a test.
    repo.add(tarball, ...['vitest', 'typescript', '@types/node'].map((name) => `${name}@${manifest.devDependencies[name]}`));
    repo.run('squall init .');
    repo.write(USERS_FILES);
  }, INSTALL_MAX_MS);

  afterAll(() => repo.remove(), INSTALL_MAX_MS);

  it(
    'works as `squall init` leaves it',
    () => {
      repo.run('vitest run');
      repo.run('tsc --noEmit');
      repo.run('tsc --noEmit -p firmware');
      repo.run('squall sim replay scenarios --workers 2 --quiet');
    },
    COMMANDS_MAX_MS,
  );

  it(
    'plays the same run as the clone, also in a program, an ES module or not',
    () => {
      const hash = hashOf(inClone('sim', ...FLEET));
      expect(hashOf(repo.run(`squall sim ${FLEET.join(' ')}`))).toBe(hash);
      for (const program of ['program.mjs', 'program.cjs']) {
        expect(JSON.parse(repo.shell(`node ${program}`))).toEqual({ status: 200, trace_hash: hash });
      }
    },
    COMMANDS_MAX_MS,
  );

  ofNpm(
    'plays the user’s firmware as the clone does, also in threads',
    () => {
      const [name, file] = ['firmware/app.ts', join(repo.folder, 'firmware/app.ts')];
      expect(hashOf(repo.run(`squall sim --firmware ${name} ${FLEET.join(' ')}`))).toBe(
        hashOf(inClone('sim', '--firmware', file, ...FLEET)),
      );
      expect(repo.run('squall sim sweep studies/keepalive.yaml --workers 2 --out runs/study')).toContain('runs/study');
      repo.run('squall sim fuzz --seeds 2 --workers 2');
    },
    COMMANDS_MAX_MS,
  );

  ofNpm(
    'says how to run it again in its own words',
    () => {
      expect(repo.run('squall sim --boards 1 --duration 1s')).toContain('\nAgain: npx squall sim --boards 1 --duration 1s\n');
      expect(repo.run('squall sim --help') + repo.run('squall firmware --help')).not.toContain('tsx');
    },
    COMMANDS_MAX_MS,
  );

  it(
    'builds what a board runs, and names what a board cannot',
    () => {
      repo.run('squall firmware build --app firmware/app.ts --config config.json --out dist/board.js');
      const [app, config, out] = ['firmware/app.ts', 'config.json', 'dist/clone.js'].map((name) => join(repo.folder, name));
      inClone('firmware', 'build', '--app', app, '--config', config, '--out', out);
      expect(readFileSync(join(repo.folder, 'dist/board.js'), 'utf8')).toBe(readFileSync(out, 'utf8'));
      expect(repo.refused('squall firmware check firmware/wrong.ts')).toContain('firmware/wrong.ts:2:7: Intl');
    },
    COMMANDS_MAX_MS,
  );

  it(
    'is typed for whoever is strict',
    () => {
      repo.run('tsc -p strict.json');
    },
    COMMANDS_MAX_MS,
  );

  ofNpm(
    'says what is missing when there is no driver for serial ports',
    () => {
      repo.write({ 'dist/esp32.js': '1;\n' });
      repo.shell('find node_modules -maxdepth 4 -name serialport -exec rm -r {} +');
      expect(repo.refused('squall firmware flash --port /dev/ttyUSB0')).toMatch(/^flash needs serialport, /);
    },
    COMMANDS_MAX_MS,
  );
});
