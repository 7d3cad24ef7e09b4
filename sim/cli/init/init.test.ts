/** A project of one's own, as `sim init` leaves it: it works at once, and nothing that was there is lost. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { main as firmware } from 'firmware/cli/main';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sim } from '../testing/capture.ts';
import { installKit, runIn } from '../testing/own-repository.ts';
import { type Scratch, scratch } from '../testing/scratch.ts';

/** Processes and compilers, on a busy machine. */
const SLOW_MS = 120_000;

const FILES = [
  '.github/workflows/firmware.yaml',
  '.gitignore',
  'app.test.ts',
  'config.example.json',
  'config.json',
  'firmware/app.ts',
  'firmware/tsconfig.json',
  'package.json',
  'scenarios/bad-wifi.yaml',
  'scenarios/outage.yaml',
  'tsconfig.json',
];

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
}

const textsIn = (folder: string) => Object.fromEntries(filesIn(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));

async function project(files: Scratch): Promise<string> {
  const folder = files.path('my device');
  expect(await sim('init', folder)).toMatchObject({ exitCode: 0, err: '' });
  return folder;
}

describe('a new project', () => {
  it('has every file, says what comes next, and keeps the password to its owner and out of git', async () => {
    const files = scratch();
    const folder = files.path('my device');
    const { exitCode, out } = await sim('init', folder);
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^Written: firmware\/app\.ts, .*\nNext: cd '.*my device' && npm install --save-dev squall-kit vitest typescript && npm test\n$/s,
    );
    expect(filesIn(folder)).toEqual(FILES);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({ name: 'my-device', private: true });
    expect(statSync(join(folder, 'config.json')).mode & 0o777).toBe(0o600);
    execFileSync('git', ['init', '-q'], { cwd: folder });
    const ignored = execFileSync('git', ['check-ignore', 'config.json', 'runs/a', 'dist/a', 'node_modules/a'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(ignored.trim().split('\n')).toHaveLength(4);
  });

  it('passes its own test', { timeout: SLOW_MS }, async () => {
    const folder = await project(scratch());
    installKit(folder);
    expect(runIn(folder, 'vitest/vitest.mjs', 'run', '--root', '.')).toMatch(/Tests +2 passed/);
  });

  it.each([1, 2])('has scenarios that hold, also with seed %d', { timeout: SLOW_MS }, async (seed) => {
    const folder = await project(scratch());
    const words = ['--workers', '1', '--set', `seed=${seed}`, '--quiet', '--no-report', '--no-trace', '--out', join(folder, 'runs')];
    const { exitCode, out, err } = await sim('replay', join(folder, 'scenarios'), ...words);
    expect([exitCode, err], out).toEqual([0, '']);
  });

  it('is right by its types, its firmware by those of the language that a board has', { timeout: SLOW_MS }, async () => {
    const folder = await project(scratch());
    installKit(folder);
    // The sources of the kit, which are looked at here in place of its declarations, need Node's.
    expect(runIn(folder, 'typescript/bin/tsc', '-p', '.', '--types', 'node')).toBe('');
    expect(runIn(folder, 'typescript/bin/tsc', '-p', 'firmware')).toBe('');
    const app = join(folder, 'firmware/app.ts');
    appendFileSync(app, 'export const late = [1].includes(1);\n');
    expect(runIn(folder, 'typescript/bin/tsc', '-p', 'firmware')).toContain("Property 'includes' does not exist on type 'number[]'");
  });

  it('can be checked and built for a real board', { timeout: SLOW_MS }, async () => {
    const folder = await project(scratch());
    const said: string[] = [];
    const io = { out: (text: string) => said.push(text), err: (text: string) => said.push(text) };
    const app = join(folder, 'firmware', 'app.ts');
    expect(await firmware(['check', app], io as never)).toBe(0);
    const config = join(folder, 'config.json');
    const out = join(folder, 'dist', 'esp32.js');
    expect(await firmware(['build', '--app', app, '--config', config, '--out', out], io as never), said.join('')).toBe(0);
    expect(existsSync(out)).toBe(true);
  });

  it('has a workflow and scripts whose commands there are', async () => {
    const folder = await project(scratch());
    const workflow = parse(readFileSync(join(folder, '.github/workflows/firmware.yaml'), 'utf8')) as {
      jobs: { firmware: { steps: { run?: string }[] } };
    };
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const lines = [...workflow.jobs.firmware.steps.flatMap(({ run: line }) => line ?? []), ...Object.values(scripts)];
    const commands = lines.flatMap((line) => /\bsquall (\w+)( [a-z]+)?(.*)/.exec(line)?.slice(1, 4) ?? []);
    expect(commands.filter((_, index) => index % 3 === 0)).toEqual(['firmware', 'sim', 'sim', 'firmware', 'firmware']);
    const help = (await sim('replay', '--help')).out;
    for (const flag of ['--junit', '--annotations', '--summary-md']) {
      expect(help).toContain(flag);
      expect(lines.join('\n')).toContain(flag);
    }
  });
});

describe('what is there already', () => {
  it('stays, all of it, when the command is given again', async () => {
    const folder = await project(scratch());
    const before = textsIn(folder);
    const { out } = await sim('init', folder);
    expect(out).toContain('Left as they were: firmware/app.ts');
    expect(out).not.toMatch(/Written|Changed/);
    expect(textsIn(folder)).toEqual(before);
  });

  it('gets what it lacks: scripts in a package.json, whose own and whose form are kept, and lines in a .gitignore', async () => {
    const files = scratch();
    mkdirSync(files.path('firmware'));
    files.write('firmware/app.ts', 'mine');
    const manifest = {
      name: 'mine',
      scripts: { build: 'make', test: 'echo "Error: no test specified" && exit 1' },
      devDependencies: { vitest: '4' },
      odd: [1],
    };
    files.write('package.json', JSON.stringify(manifest, null, '\t'));
    files.write('.gitignore', '/runs\r\n*.log');
    const { out } = await sim('init', files.path('.'), '--json');
    const done = JSON.parse(out);
    expect(done).toMatchObject({
      version: 1,
      changed: [
        { file: 'package.json', added: ['script sim', 'script test', 'script flash'] },
        { file: '.gitignore', added: ['node_modules/', 'dist/', 'junit.xml', 'config.json'] },
      ],
      left: ['firmware/app.ts', expect.stringMatching(/^script build of package\.json \(here it would be: squall firmware build /)],
      missing: ['squall-kit', 'typescript'],
    });
    const text = readFileSync(files.path('package.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      ...manifest,
      scripts: { build: 'make', test: 'vitest run', sim: 'squall sim --firmware firmware/app.ts', flash: 'squall firmware flash' },
    });
    expect(text).toContain('\n\t"scripts": {\n\t\t"build": "make",\n\t\t"test": "vitest run",');
    expect(readFileSync(files.path('.gitignore'), 'utf8')).toBe('/runs\r\n*.log\r\nnode_modules/\r\ndist/\r\njunit.xml\r\nconfig.json\r\n');
    expect(readFileSync(files.path('firmware/app.ts'), 'utf8')).toBe('mine');
  });

  it('is not written through a link that leads nowhere', async () => {
    const files = scratch();
    symlinkSync(files.path('nowhere'), files.path('tsconfig.json'));
    const { out } = await sim('init', files.path('.'), '--json');
    expect(JSON.parse(out).left).toEqual(['tsconfig.json']);
    expect(existsSync(files.path('nowhere'))).toBe(false);
  });

  it.each([
    ['package.json', '{ "name": ', 'package.json: expected JSON'],
    ['package.json', '[]', 'package.json: expected a JSON object'],
    ['package.json', '{ "scripts": 5 }', 'package.json: scripts: expected an object'],
    ['firmware', '', 'FOLDER/firmware: it is a file; expected a folder, for firmware/app.ts'],
  ])('%s with %j in it is in the way, which is said before anything is written', async (name, content, message) => {
    const files = scratch();
    files.write(name, content);
    const { exitCode, err } = await sim('init', files.path(''));
    expect([exitCode, err]).toEqual([2, `${message.replace('FOLDER', resolve(files.path('')))}\n`]);
    expect(filesIn(files.path('.'))).toEqual([name]);
  });
});

it.each([
  [['a', 'b'], 'init: expected one DIR, or none for this folder'],
  [[''], 'init: expected one DIR, or none for this folder'],
  [['package.json'], 'package.json: it is a file; expected a folder, or a name for one'],
])('%j is a mistake', async (words, message) => {
  expect(await sim('init', ...words)).toMatchObject({ exitCode: 2, out: '', err: `${message}\n` });
});
