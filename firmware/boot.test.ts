import { describe, expect, it } from 'vitest';
import { boot } from './boot.ts';
import { DEFAULT_CONFIG } from './config.ts';
import { FakeHal } from './testing/fake-hal.ts';

function run(file?: string, prepare: (hal: FakeHal) => void = () => {}) {
  const hal = new FakeHal();
  if (file !== undefined) hal.files['config.json'] = file;
  prepare(hal);
  const started: unknown[] = [];
  boot(hal, (_hal, config) => {
    expect(hal.random.seeds).not.toEqual([]);
    started.push(config);
  });
  return { hal, started };
}

describe('boot', () => {
  it('starts the app on the checked config, with the random generator seeded before', () => {
    const { hal, started } = run('{"client_id":"b"}');
    expect(started).toEqual([{ ...DEFAULT_CONFIG, client_id: 'b' }]);
    expect(hal.log.lines).toEqual([]);
  });

  it('seeds boards apart, and two boots of one board apart', () => {
    const seeds = (id: string, nowMs: number) =>
      run('{}', (hal) => {
        hal.system.uniqueId = () => id;
        hal.clock.nowMs = nowMs;
      }).hal.random.seeds.join();
    const all = [seeds('240ac4000001', 1), seeds('240ac4000002', 1), seeds('240ac4000010', 1), seeds('240ac4000001', 1.001)];
    expect(new Set(all).size).toBe(4);
  });

  it.each([
    ['there is no file', undefined, ['config.json: no such file on the device']],
    ['the file is no JSON', '{"wifi":{"password":"hunter2"', ['config.json: not valid JSON']],
    [
      'the file has errors',
      '{"outbox":-1,"sever":""}',
      ['config.json: sever: unknown key, did you mean server?', 'config.json: outbox: expected an integer from 0 to 1024, got -1'],
    ],
    [
      'the relay is to be verified by nothing',
      '{"server":"wss://relay/","ssl":{"cert_reqs":2}}',
      ['config.json: ssl.ca: expected a file name, since cert_reqs is 2'],
    ],
  ])('stays idle and says why when %s', (_what, file, lines) => {
    const { hal, started } = run(file);
    expect([started, hal.log.lines, hal.clock.pending()]).toEqual([[], lines, 0]);
  });
});
