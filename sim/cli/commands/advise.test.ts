import { readFileSync } from 'node:fs';
import { parseConfig } from 'firmware/config';
import { describe, expect, it } from 'vitest';
import type { Io } from '../io.ts';
import { main } from '../main.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const PATIENCE_MS = 180_000;
const SENTENCE =
  /^Ping every (\d+) s, wait \d+ s \(boards: ping after [\d.]+ s of silence, wait [\d.]+ s\): dead links found within \d+ s, by the board within \d+ s; [\d.]+ k?B of keepalive and [\d.]+ false disconnects per board-hour\. /;

/** With somebody at the terminal who types these. */
async function asked(answers: (string | null)[], ...words: string[]) {
  const said = { out: '', err: '' };
  const questions: string[] = [];
  const io: Io = {
    out(text) {
      said.out += text;
    },
    err(text) {
      said.err += text;
    },
    errIsTerminal: false,
    colour: false,
    columns: 80,
    nowMs: () => 0,
    ask: async (question) => {
      questions.push(question);
      return answers.shift() ?? null;
    },
  };
  return { exitCode: await main(['advise', ...words], io), questions, ...said };
}

describe('advise', { timeout: PATIENCE_MS }, () => {
  it('answers in a sentence, leaves what is to be pasted, and says the same with any number of workers', async () => {
    const files = scratch();
    const question = ['--detect-within', '20s', '--link', 'bad', '--idle-timeout', '12s', '--no-report'];
    const { exitCode, out } = await sim('advise', ...question, '--quiet', '--workers', '2', '--out', files.path('two'));
    expect(exitCode).toBe(0);
    const [, interval] = SENTENCE.exec(out.replace(/\s+/g, ' ')) ?? [];
    // Ten of the twelve seconds after which connections are forgotten.
    expect(Number(interval)).toBeLessThanOrEqual(10);
    expect(out).toMatch(/\nRelay: npx tsx relay --ws-ping-interval \d+s --ws-ping-timeout \d+s\n/);
    expect(out).toContain('\nAgain: npx tsx sim advise --detect-within 20s --link bad --idle-timeout 12s --out ');
    const config = JSON.parse(readFileSync(files.path('two/recommended.config.json'), 'utf8'));
    expect(parseConfig(config).errors).toEqual([]);
    expect(config.keepalive.ping_interval_ms).toBeGreaterThan(Number(interval) * 1_000);

    await sim('advise', ...question, '--quiet', '--workers', '1', '--out', files.path('one'));
    const front = (name: string) => ({ ...JSON.parse(readFileSync(files.path(`${name}/front.json`), 'utf8')), command: '' });
    expect(front('one')).toEqual(front('two'));
  });

  it('asks for what it was not told, says what an answer that is none should be, and takes Enter for the usual', async () => {
    const files = scratch();
    const { exitCode, questions, err, out } = await asked(
      ['15', '5s', 'badd', ''],
      '--idle-timeout',
      'none',
      '--quiet',
      '--out',
      files.path('out'),
    );
    expect(exitCode).toBe(0);
    expect(questions.map((question) => question.split(/[ :]/, 3).join(' '))).toEqual([
      'How long may',
      'How long may',
      'How bad is',
      'How bad is',
    ]);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^expected a duration .* from 3s to 10m, got "15" \(did you mean 15s\?\)$/),
      expect.stringMatching(/^expected one of good, fair, bad, terrible, .*, got "badd" \(did you mean bad\?\)$/),
      '',
    ]);
    expect(out).toContain('Again: npx tsx sim advise --detect-within 5s --link fair --idle-timeout none');
  });

  it('ends when nobody answers any more', async () => {
    expect(await asked(['15s', null])).toMatchObject({ exitCode: 130, out: '', err: '' });
  });

  it('without a terminal wants all three', async () => {
    const { exitCode, err } = await sim('advise', '--link', 'good');
    expect(exitCode).toBe(2);
    expect(err.split('\n').map((line) => line.split(':')[0])).toEqual(['--detect-within is missing', '--idle-timeout is missing', '']);
  });

  it.for([
    [['--detect-within', '1s'], '--detect-within: expected a duration with its unit (500ms, 20s, 10m, 1h) from 3s to 10m, got "1s"'],
    [['--detect-within', '30'], 'got "30" (did you mean 30s?)'],
    [['--link', '2%'], 'got "2%" (did you mean 0.02?)'],
    [['--link', 'los=0.1'], '--link: unknown key "los"; expected one of latency'],
    [['--link', 'loss=2'], '--link: loss: expected a number from 0 to 1 (10 % is 0.1), got "2" (did you mean 0.02?)'],
    [['--idle-timeout', '1s'], '--idle-timeout: expected none, or a duration with its unit (500ms, 20s, 10m, 1h) from 5s to 24h, got "1s"'],
    [['--detect', '5s'], 'unknown flag --detect; the nearest legal flag is --detect-within'],
    [['now'], 'unexpected argument "now"'],
  ] as const)('%s is refused', async ([words, message]) => {
    const { exitCode, err } = await sim('advise', ...words);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
