import { describe, expect, it } from 'vitest';
import { describeScenario, describeSettings } from './describe.ts';
import { readDocument } from './document/read-document.ts';

function scenarioOf(document: Record<string, unknown>) {
  const { scenario, problems } = readDocument({ version: 1, ...document }, []);
  if (scenario === null) throw new Error(JSON.stringify(problems));
  return scenario;
}

describe('the plan in words', () => {
  it('says what will run', () => {
    const scenario = scenarioOf({
      duration: '4m',
      boards: { count: 50, backoff: 'fixed,min=1s' },
      link: { loss: 0.1, burst: 3 },
      relay: { ping_interval: '0s', mode: 'echo' },
      steps: [{ at: '60s', action: 'link.set', boards: '20%', for: '45s', loss: 0.5 }],
    });
    expect(describeScenario(scenario)).toBe(
      'Scenario "default", seed 1: 50 boards (espruino-esp32) run firmware/apps/sos.ts for 4m of virtual time, powered up within the first 10s. ' +
        'The link delays each packet by 10ms ± 2ms, loses 10% of the packets each way in bursts of 3 on average and carries 20mbit/s. ' +
        'The boards share the air of one access point (channel 1). By arithmetic they need 2.3 % of it. ' +
        'The relay echoes, sends no pings, and refuses an id that is connected already. ' +
        'A board pings after 25s of silence, waits 10s, and reconnects with fixed backoff of 1s (jitter: full). ' +
        'At 1m the link gets loss 0.5 (20% of the boards) for 45s.',
    );
  });

  it('says what the radio is like, if it is not perfect', () => {
    const words = (link: Record<string, unknown>) => describeScenario(scenarioOf({ link }));
    expect(words({})).not.toContain('radio');
    expect(words({ rssi: -80, power_save: 'min_modem' })).toContain(
      'carries 20mbit/s, has a signal of -80 dBm and ends at a radio that saves power and wakes at every beacon. The boards',
    );
    expect(words({ power_save: 'min_modem', dtim: 3 })).toContain('wakes at one beacon in 3.');
    const settings = Object.fromEntries(describeSettings(scenarioOf({ link: { rssi: -80, power_save: 'min_modem', dtim: 3 } })));
    expect(settings).toMatchObject({ Signal: '-80 dBm', 'Power save': 'min_modem, DTIM 3' });
  });

  it('counts steps that are too many to tell', () => {
    const scenario = scenarioOf({ steps: [{ at: '0s', action: 'board.reset', every: '1m' }] });
    expect(describeScenario(scenario)).toContain('10 steps change the world on the way.');
  });

  it('has the same settings as a table', () => {
    const settings = Object.fromEntries(describeSettings(scenarioOf({ link: { loss: 0.1 }, boards: { board_ping_interval: '0s' } })));
    expect(settings).toMatchObject({
      Boards: '10',
      'Packet loss': '10%',
      'Relay ping interval / timeout': '20s / 20s',
      'Board ping interval / timeout': 'off',
    });
  });
});
