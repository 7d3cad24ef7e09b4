import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, choiceFlag, listFlag, readCommandLine, switchFlag, valueFlag } from './command-line.ts';
import { nearest } from './nearest.ts';
import { parseDuration, parseNumber } from './units.ts';
import { UsageError } from './user-error.ts';

const FLAGS = {
  boards: valueFlag({ about: 'Boards', expected: 'a number', default: '10', parse: parseNumber }),
  duration: valueFlag({ about: 'Time', expected: 'a duration such as 20s', parse: parseDuration }),
  mode: choiceFlag('Mode', ['broadcast', 'echo'], 'broadcast'),
  set: listFlag({ about: 'Override', expected: 'path=value', parse: (text) => (text.includes('=') ? text : null) }),
  'no-report': switchFlag('Write no report'),
  backoff: valueFlag({
    about: 'Backoff',
    expected: 'a backoff',
    parse: (text): string => {
      throw new UsageError(`no kind ${text}`);
    },
  }),
};
const COMMAND: Command<typeof FLAGS> = {
  usage: 'npx tsx thing',
  about: 'Does a thing.',
  flags: FLAGS,
  examples: [['npx tsx thing', 'Do it']],
};

async function read(...words: string[]) {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) throw new Error('unexpected help');
  return line;
}

async function mistakes(...words: string[]): Promise<string[]> {
  const error = await readCommandLine(COMMAND, words).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message.split('\n');
}

describe('a command line', () => {
  it('gives defaults for what is not said, and tells what was', async () => {
    const { values, given } = await read('--boards', '10');
    expect(values).toEqual({ boards: 10, duration: undefined, mode: 'broadcast', set: [], 'no-report': false, backoff: undefined });
    expect([...given]).toEqual(['boards']);
  });

  it('reads values after a space or an equals sign, switches, and lists in order', async () => {
    const { values } = await read('--duration=5s', '--mode', 'echo', '--no-report', '--set', 'a=1', '--set', 'b=2');
    expect(values).toMatchObject({ duration: 5_000, mode: 'echo', 'no-report': true, set: ['a=1', 'b=2'] });
  });

  it('says everything that is wrong at once', async () => {
    expect(await mistakes('--bords', '5', '--mode', 'x', 'stray', '--duration', '20')).toEqual([
      'unexpected argument "stray"',
      'unknown flag --bords; the nearest legal flag is --boards',
      '--duration: expected a duration such as 20s, got "20"',
      '--mode: expected one of broadcast, echo, got "x"',
    ]);
  });

  it.each([
    [['--boards'], '--boards: expected a number, got ""'],
    [['--boards='], '--boards: expected a number, got ""'],
    [['--boards', '-5'], '--boards: expected a number, got "-5"'],
    [['--boards', '0x10'], '--boards: expected a number, got "0x10"'],
    [['--boards', '1', '--boards', '2'], '--boards is given 2 times; expected once'],
    [['--no-report=3'], '--no-report: takes no value'],
    [['--no-boards'], 'unknown flag --no-boards; the nearest legal flag is --boards'],
    [['--report'], 'unknown flag --report; the nearest legal flag is --no-report'],
    [['--constructor', '1'], 'unknown flag --constructor; the nearest legal flag is --no-report'],
    [['--Boards', '1'], 'unknown flag --Boards; the nearest legal flag is --boards'],
    [['--set.x', 'a=1'], 'unknown flag --set.x; the nearest legal flag is --set'],
    [['-b', '1'], 'unknown flag -b; the nearest legal flag is --set'],
    [['--', '--boards'], 'unexpected argument "--boards"'],
    [['--backoff', 'odd'], '--backoff: no kind odd'],
  ])('refuses %j', async (words, message) => {
    expect(await mistakes(...words)).toEqual([message]);
  });

  it('gives the positional arguments to a command that takes them', async () => {
    const line = await readCommandLine({ ...COMMAND, positionals: 'FILE…' }, ['a.yaml', '--boards', '3', '007']);
    expect(line).toMatchObject({ positionals: ['a.yaml', '007'], values: { boards: 3 } });
  });

  it('shows flags, defaults and examples for --help, whatever else is wrong', async () => {
    const { help } = await readCommandLine(COMMAND, ['--wrong', '--help']);
    expect(help).toContain('--boards');
    expect(help).toContain('(default 10)');
    expect(help).toContain('Examples:');
  });

  it('ends in values, help or a UsageError, whatever the words', async () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('--boards', '--set', '--no-report', '--', '-', '=', '--__proto__', '--_', '--$0'));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (words) => {
        const outcome = await readCommandLine(COMMAND, words).catch((thrown: unknown) => thrown);
        expect(outcome instanceof Error && !(outcome instanceof UsageError)).toBe(false);
      }),
    );
  });
});

describe('the nearest word', () => {
  it('is the one with the fewest edits, the first of equals', () => {
    expect(nearest('lattency', ['rate', 'latency', 'jitter'])).toBe('latency');
    expect(nearest('x', ['ab', 'cd'])).toBe('ab');
    expect(nearest('', ['abc', 'a'])).toBe('a');
  });

  it('is the word itself when that is legal', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ maxLength: 20 }), { minLength: 1 }), fc.nat(), (words, pick) => {
        const word = words[pick % words.length];
        expect(nearest(word, words)).toBe(word);
      }),
    );
  });
});
