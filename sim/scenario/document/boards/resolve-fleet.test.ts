import { describe, expect, it } from 'vitest';
import { loadScenario } from '../load.ts';

function errorsOf(text: string): string[] {
  return loadScenario('f.yaml', `version: 1\n${text}`).errors;
}

describe('a fleet that is not legal', () => {
  it.each([
    ['fleet: [old]', '2:8: fleet: expected a mapping, got ["old"]'],
    ['fleet: { old: 3 }', '2:15: fleet.old: expected a mapping, got 3'],
    ['fleet: { old: { shar: 0.5 } }', '2:17: fleet.old.shar: unknown key (did you mean "share"?)'],
    ['fleet: { old: { per_ap: 3 } }', /fleet\.old\.per_ap: unknown key/],
    ['fleet: { old: { share: 50% } }', /2:24: fleet\.old\.share: expected a number from 0 to 1 .*got "50%" \(did you mean 0\.5\?\)/],
    ['fleet: { old-ones: {} }', /2:10: fleet\.old-ones: expected a name of 1 to 32 letters, digits or "_"/],
    ['fleet: { all: {} }', /fleet\.all: expected a name .*and not all or of/],
    [
      'fleet: { ping_timeout: {} }',
      'fleet.ping_timeout: expected another name for a group: disconnects.ping_timeout is a metric of all boards',
    ],
    ['fleet: { old: { share: 0.5, count: 5 }, new: {} }', 'fleet.old.share: another way to say count, which is given too'],
    ['fleet: { old: { share: 0.7 }, new: { share: 0.4 } }', 'fleet: its groups come to 11 boards of 10 (boards.count)'],
    [
      'fleet: { old: { share: 0.7 } }',
      'fleet: its groups come to 7 boards of 10 (boards.count): expected shares that come to 1, or a group without count and share, which takes the rest',
    ],
    ['boards: { count: 5 }\nfleet: { old: { count: 3 }, new: { count: 3 } }', 'fleet: its groups come to 6 boards of 5 (boards.count)'],
    ['fleet: { old: { ap: 2 } }', 'fleet.old.ap: there is no access point 2: the scenario has one (aps)'],
    ['fleet: { old: { config: { outbox: -1 } } }', /2:35: fleet\.old\.config\.outbox: expected/],
    ['fleet: { old: { backoff: { min: 5s, max: 1s } } }', /2:42: fleet\.old\.backoff\.max: /],
    ['fleet: { old: { any_javascript: true } }', /fleet\.old\.any_javascript: no board runs any JavaScript/],
    [
      'fleet: { old: { config: { wifi: { SSID: other } } } }',
      'fleet.old.config.wifi.SSID: there is one network, which boards.config calls "squall"',
    ],
    ['fleet: { old: { link: { los: 1 } } }', /fleet\.old\.link\.los: unknown key \(did you mean "loss"\?\)/],
    ['fleet: { old: { link: { preset: snow } } }', /fleet\.old\.link\.preset: expected/],
    [
      'fleet: { old: {} }\nsteps: [{ at: 1s, action: board.reset, boards: new }]',
      'steps.0.boards: no group is called "new": the fleet has old',
    ],
    ['steps: [{ at: 1s, action: board.reset, boards: new }]', /steps\.0\.boards: expected all, .*got "new"; the scenario has no fleet/],
    [
      'fleet: { old: {} }\nsteps: [{ at: 1s, action: board.reset, boards: 11 of old }]',
      'steps.0.boards: 11 boards are more than there are: old has 10',
    ],
    [
      'fleet: { old: {} }\nthresholds: [ "p95(recovery_ms.new) < 1s" ]',
      'thresholds.0: "p95(recovery_ms.new) < 1s": no group is called "new": the fleet has old',
    ],
    ['thresholds: [ "connects.new < 1" ]', /thresholds\.0: "connects\.new < 1": there is no metric "connects\.new"; the nearest is/],
    [
      'fleet: { old: {} }\nthresholds: [ "recovery_ms.old < 1" ]',
      /recovery_ms\.old is a distribution; ask for one number of it, like p95\(recovery_ms\.old\)/,
    ],
  ])('%s', (text, error) => {
    const errors = errorsOf(text);
    expect(errors).toHaveLength(1);
    if (typeof error === 'string') expect(errors[0]).toContain(error);
    else expect(errors[0]).toMatch(error);
  });

  it('is not blamed for what is wrong with all boards', () => {
    expect(errorsOf('boards: { config: { outbox: -1 } }\nfleet: { old: {}, new: { board_ping_interval: 0s } }')).toHaveLength(1);
  });
});
