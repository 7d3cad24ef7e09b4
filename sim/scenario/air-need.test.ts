/**
 * The arithmetic against the counts of packets in shared/facts: 50 boards take a quarter of the air at MCS 7,
 * 100 boards nearly all of it.
 */
import { describe, expect, it } from 'vitest';
import { airNeed } from './air-need.ts';
import { describeAir } from './describe-air.ts';
import { readDocument } from './document/read-document.ts';

function scenarioOf(document: Record<string, unknown>) {
  const { scenario, problems } = readDocument({ version: 1, ...document }, []);
  if (scenario === null) throw new Error(JSON.stringify(problems));
  return scenario;
}

const shareOf = (document: Record<string, unknown>) => airNeed(scenarioOf(document))?.share ?? Number.NaN;
const wordsOf = (document: Record<string, unknown>) => describeAir(scenarioOf(document)).join(' ');

/** Of an access point, 1,379 µs every 102.4 ms. */
const BEACONS = 0.0135;

describe('what a fleet needs of the air', () => {
  it.each([
    // Packets that were counted on links, each with the silence and the mean back-off before it, and its
    // acknowledgement.
    [10, {}, 0.012],
    [50, {}, 0.25],
    [100, {}, 0.977],
    [100, { rssi: -70 }, 1.015],
    [50, { rssi: -82.5 }, 0.399],
  ])('%i boards with %o: %f, and the beacons', (count, link, share) => {
    expect(shareOf({ boards: { count }, link })).toBeCloseTo(share + BEACONS, share < 0.1 ? 2 : 1);
    expect(Math.abs(shareOf({ boards: { count }, link }) / (share + BEACONS) - 1)).toBeLessThan(0.1);
  });

  it('is more with neighbours, a slow station and shorter pings, less with more access points, and nothing where boards share none', () => {
    const boards = { count: 50 };
    const plain = shareOf({ boards });
    expect(shareOf({ boards, air: { neighbours: 0.3 } })).toBeCloseTo(plain + 0.3, 9);
    expect(shareOf({ boards, air: { slow_station: true } })).toBeGreaterThan(plain + 0.02);
    expect(shareOf({ boards, relay: { ping_interval: '1s' } })).toBeGreaterThan(plain + 0.02);
    expect(shareOf({ boards, aps: 2 })).toBeLessThan(0.6 * plain);
    expect(shareOf({ boards, aps: 50 })).toBeGreaterThan(17 * BEACONS); // 17 access points on channel 1
    expect(airNeed(scenarioOf({ boards, air: 'private' }))).toBeNull();
  });

  it('is said beforehand, with a warning above 70 % and what would help', () => {
    expect(wordsOf({ boards: { count: 50 } })).toMatch(
      /^The boards share the air of one access point \(channel 1\)\. By arithmetic they need 2\d % of it\.$/,
    );
    expect(wordsOf({ boards: { count: 100 } })).toMatch(
      /they need \d+ % of it\. WARNING: above 70 % .*; with 2 access points it would be 5\d %\.$/,
    );
    expect(wordsOf({ boards: { count: 400 }, aps: 3 })).toMatch(
      /the busiest channel\. WARNING: .*; fewer or rarer messages, or fewer boards, would need less\.$/,
    );
    expect(wordsOf({ aps: 4, air: { neighbours: 0.3, hidden: 0.2, ap_queue: 500 } })).toContain(
      'The boards belong to 4 access points on channels 1, 6 and 11 by turns, and share their air; others take 30 % of it, 20 % of the pairs of boards do not hear each other, an access point holds 500 packets.',
    );
    expect(wordsOf({ boards: { count: 50, firmware: 'mine.ts' } })).toMatch(
      /A short message from every board takes \d+ ms of it: that often it can be sent, at the very most\.$/,
    );
    expect(wordsOf({ air: 'private' })).toBe('Each board has an air of its own.');
  });
});
