/**
 * `npx squall sim …`: the programs of the kit under one name, as the package has them. Each begins as it does
 * in a clone by `npx tsx sim`, and loads nothing of the others.
 */
import { keepCompiled } from 'host/compile-cache';
import { nearest } from 'host/nearest';

const PROGRAMS: Readonly<Record<string, { about: string; start(): Promise<unknown> }>> = {
  sim: { about: 'simulate a fleet; run, replay, sweep, tune, advise, compare, fuzz, proxy', start: () => import('./sim/index.ts') },
  relay: { about: 'serve the relay on a port of this computer', start: () => import('./relay/index.ts') },
  firmware: { about: 'check, build, flash and run an app', start: () => import('./firmware/index.ts') },
  init: { about: 'write a small project that works at once', start: () => import('./sim/index.ts') },
};
const NAMES = Object.keys(PROGRAMS);
const USAGE_EXIT = 2;

keepCompiled();

const name: string | undefined = process.argv[2];
if (name !== undefined && Object.hasOwn(PROGRAMS, name)) {
  // A command of `sim`, which is called by its own name.
  if (name !== 'init') process.argv.splice(2, 1);
  void PROGRAMS[name].start();
} else if (name === '--help' || name === '-h') process.stdout.write(help());
else if (name === '--version') void import('host/kit').then(({ KIT_VERSION }) => process.stdout.write(`${KIT_VERSION}\n`));
else {
  process.exitCode = USAGE_EXIT;
  process.stderr.write(`${unknown()}\n`);
}

function unknown(): string {
  const wanted = `expected a program: ${NAMES.join(', ')}; npx squall --help says what they do`;
  return name === undefined ? wanted : `unknown program ${JSON.stringify(name)}; the nearest one is ${nearest(name, NAMES)}`;
}

function help(): string {
  const lines = NAMES.map((name) => `  ${name.padEnd(9)}${PROGRAMS[name].about}\n`);
  return `squall PROGRAM …\n\n${lines.join('')}\nsquall PROGRAM --help shows its commands and flags.\n`;
}
