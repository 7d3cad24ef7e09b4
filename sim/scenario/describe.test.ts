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

  it('says what a board’s Wi-Fi does by itself, if it does anything', () => {
    const words = (boards: Record<string, unknown>) => describeScenario(scenarioOf({ boards }));
    expect(words({})).not.toContain('Wi-Fi');
    expect(words({ scan: 'all' })).toContain('Its Wi-Fi joins the strongest access point that a scan of all channels finds.');
    expect(words({ roam: 15, reconnects: 2 })).toContain(
      'Its Wi-Fi roams to an access point that is 15 dB stronger and joins again by itself, 2 times at most.',
    );
    expect(Object.fromEntries(describeSettings(scenarioOf({ boards: { reconnects: 'forever' } })))['Wi-Fi']).toBe(
      'joins again by itself, for ever',
    );
  });

  it.each([
    [{ action: 'ap.channel', channel: 11 }, 'each access point goes to channel 11'],
    [{ action: 'ap.channel', ap: 1, channel: 6, announced: false }, 'access point 1 goes to channel 6 without a word'],
    [{ action: 'ap.reject' }, 'each access point lets no more stations in'],
    [{ action: 'ap.reject', ap: 1, stations: 8 }, 'access point 1 has places for 8 stations'],
    [{ action: 'ap.rekey', boards: 2 }, 'the access point renews its group keys in vain (the first 2 boards)'],
    [{ action: 'ap.signal', ap: 1, rssi: -80, boards: 'board-1' }, 'access point 1 is received at -80 dBm (board-1)'],
    [{ action: 'air.set', hidden_neighbours: 0.3 }, 'others whom no board hears take 0.3 of the air of each channel'],
    [
      { action: 'air.set', neighbours: 0.2, hidden_neighbours: 0.3, channel: 1 },
      'others take 0.2 and others whom no board hears take 0.3 of the air of channel 1',
    ],
  ])('tells the step %o', (step, words) => {
    expect(describeScenario(scenarioOf({ steps: [{ at: '1m', ...step }] }))).toContain(`At 1m ${words}.`);
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
