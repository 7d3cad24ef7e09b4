import { describe, expect, it } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { RandomStreams } from '../../kernel/random.ts';
import { AccessPoint } from './access-point.ts';
import { ESP32_RADIO } from './parameters.ts';
import { Station } from './station.ts';
import { DEFAULT_STATION, type StationSettings } from './station-settings.ts';

const SSID = 'lab';
const PASSWORD = 'secret';
/**
 * Between the shortest and the longest join without loss: scan, key derivation, association, 4-way handshake,
 * DHCP; ms.
 */
const SHORTEST_MS = 120 + 138 + 10 + 15 + 810;
const LONGEST_MS = 13 * 120 + 138 + 40 + 40 + 1210;

interface Report {
  station: number;
  what: string;
  atMs: number;
}

interface WifiOptions {
  stations?: number;
  loss?: number;
  seed?: number;
  settings?: StationSettings;
}

/** Stations of one access point, and everything they report. */
function makeWifi({ stations = 1, loss = 0, seed = 1, settings = DEFAULT_STATION }: WifiOptions = {}) {
  const kernel = new Kernel();
  const streams = new RandomStreams(seed);
  const accessPoint = new AccessPoint({ ssid: SSID, password: PASSWORD });
  const reports: Report[] = [];
  const all = Array.from({ length: stations }, (_, station) => {
    const report = (what: string) => reports.push({ station, what, atMs: kernel.nowUs / 1000 });
    return new Station({
      kernel,
      accessPoint,
      radio: ESP32_RADIO,
      settings,
      random: streams.stream(`${station}`),
      signalLuck: () => streams.stream(`${station}/signal`),
      loss: () => loss,
      onReconnect: () => report('again'),
      onJoined: (tookMs) => report(`joined in ${tookMs}`),
      onFailed: (reason) => report(`failed ${reason}`),
      onLost: (reason) => report(`lost ${reason}`),
    });
  });
  const run = (untilMs: number) => kernel.run(untilMs * 1000);
  return { accessPoint, reports, stations: all, station: all[0], run };
}

/** One station that has joined; its clock stands at 10 s and its reports are empty. */
async function makeJoined() {
  const wifi = makeWifi();
  wifi.station.join(SSID, PASSWORD);
  await wifi.run(10_000);
  expect(wifi.station.joined).toBe(true);
  wifi.reports.length = 0;
  return wifi;
}

function whatOf(reports: Report[]): string[] {
  return reports.map(({ what }) => what);
}

describe('a station that joins', () => {
  it('takes as long as scan, association and DHCP of an ESP32 do, and says so', async () => {
    const { stations, reports, run } = makeWifi({ stations: 2000 });
    for (const station of stations) station.join(SSID, PASSWORD);
    await run(10_000);
    const times = reports.map(({ atMs }) => atMs);
    expect(reports).toHaveLength(2000);
    expect(whatOf(reports)).toEqual(times.map((ms) => `joined in ${ms}`));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(SHORTEST_MS);
    expect(Math.min(...times)).toBeLessThan(SHORTEST_MS + 50);
    expect(Math.max(...times)).toBeLessThanOrEqual(LONGEST_MS);
    expect(Math.max(...times)).toBeGreaterThan(LONGEST_MS - 50);
    expect(stations.every((station) => station.joined)).toBe(true);
  });

  it('fails in the 4-way handshake when the password is wrong', async () => {
    const { station, reports, run } = makeWifi();
    station.join(SSID, 'wrong');
    await run(60_000);
    expect(whatOf(reports)).toEqual(['failed 15']);
    expect(reports[0].atMs).toBeGreaterThan(4000 + 120 + 138);
    expect(reports[0].atMs).toBeLessThan(4000 + LONGEST_MS);
    expect(station.joined).toBe(false);
  });

  it('finds no access point of that name after a scan of all channels', async () => {
    const { station, reports, run } = makeWifi();
    station.join('another', PASSWORD);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'failed 201', atMs: 2830 }]);
  });

  it('finds no access point that is off', async () => {
    const { accessPoint, station, reports, run } = makeWifi();
    accessPoint.setPower(false);
    station.join(SSID, PASSWORD);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'failed 201', atMs: 2830 }]);
  });

  it('scans in vain when the access point vanishes meanwhile', async () => {
    const { accessPoint, station, reports, run } = makeWifi();
    station.join(SSID, PASSWORD);
    await run(500);
    accessPoint.setPower(false);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'failed 201', atMs: 500 + 2830 }]);
  });

  it('is told of the second join only when the first was abandoned', async () => {
    const { station, reports, run } = makeWifi();
    station.join(SSID, PASSWORD);
    await run(500);
    station.join('another', PASSWORD);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'failed 201', atMs: 500 + 2830 }]);
    expect(station.joined).toBe(false);
  });

  it('gives up its access point when it joins again', async () => {
    const { station, reports, run } = await makeJoined();
    station.join(SSID, PASSWORD);
    expect(station.joined).toBe(false);
    await run(60_000);
    expect(reports).toHaveLength(1);
    expect(reports[0].what).toMatch(/^joined/);
    expect(station.joined).toBe(true);
  });

  it('may try again after a failure', async () => {
    const { station, reports, run } = makeWifi();
    station.join(SSID, 'wrong');
    await run(20_000);
    station.join(SSID, PASSWORD);
    await run(60_000);
    expect(whatOf(reports)).toEqual(['failed 15', expect.stringMatching(/^joined/)]);
  });

  it('says nothing when its power is cut', async () => {
    const { station, reports, run } = makeWifi();
    station.join(SSID, PASSWORD);
    await run(500);
    station.off();
    await run(60_000);
    expect(reports).toEqual([]);
    expect(station.joined).toBe(false);
  });
});

describe('DHCP under loss', () => {
  async function joinAll(loss: number) {
    const { stations, reports, run } = makeWifi({ stations: 1000, loss });
    for (const station of stations) station.join(SSID, PASSWORD);
    await run(120_000);
    return reports;
  }

  it('resends after 0.5, 1, 2 s and so on: joins take longer, and most still succeed', async () => {
    const reports = await joinAll(0.2);
    const resent = reports.filter(({ what, atMs }) => what.startsWith('joined') && atMs > LONGEST_MS);
    const twice = 1 - 0.8 ** 2; // an exchange is lost when either of its packets is
    expect(reports).toHaveLength(1000);
    expect(reports.filter(({ what }) => what.startsWith('joined')).length).toBeGreaterThan(990);
    expect(resent.length / 1000).toBeGreaterThan(twice ** 2);
    expect(resent.length / 1000).toBeLessThan(1 - (1 - twice) ** 2);
  });

  it('gives up in the end when nothing passes', async () => {
    const reports = await joinAll(1);
    const resendsMs = 500 + 1000 + 2000 + 3 * 4000;
    expect(new Set(whatOf(reports))).toEqual(new Set(['failed dhcp timeout']));
    expect(Math.min(...reports.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(SHORTEST_MS + resendsMs);
    expect(Math.max(...reports.map(({ atMs }) => atMs))).toBeLessThanOrEqual(LONGEST_MS + resendsMs);
  });
});

describe('a station that has joined', () => {
  it('notices 8.5 s later that the access point is gone', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setPower(false);
    await run(18_499);
    expect(station.joined).toBe(true);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'lost 200', atMs: 18_500 }]);
    expect(station.joined).toBe(false);
  });

  it('is sent away when the access point is back before that', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setPower(false);
    await run(15_000);
    accessPoint.setPower(true);
    await run(60_000);
    expect(whatOf(reports)).toEqual(['lost 7']);
    expect(reports[0].atMs).toBeGreaterThanOrEqual(15_100);
    expect(reports[0].atMs).toBeLessThanOrEqual(16_000);
    expect(station.joined).toBe(false);
  });

  it('waits again for the beacons when the access point comes and goes', async () => {
    const { accessPoint, reports, run } = await makeJoined();
    accessPoint.setPower(false);
    await run(15_000);
    accessPoint.setPower(true);
    await run(15_050);
    accessPoint.setPower(false);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'lost 200', atMs: 15_050 + 8500 }]);
  });

  it('does not come back by itself', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setPower(false);
    await run(20_000);
    accessPoint.setPower(true);
    await run(60_000);
    expect(whatOf(reports)).toEqual(['lost 200']);
    expect(station.joined).toBe(false);
  });

  it('does not mind being told twice what it knows', async () => {
    const { accessPoint, reports, run } = await makeJoined();
    accessPoint.setPower(true);
    accessPoint.setPower(false);
    await run(12_000);
    accessPoint.setPower(false);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'lost 200', atMs: 18_500 }]);
  });
});

describe('a station that is sent away', () => {
  it('is told the reason at once, and may join again', async () => {
    const { station, reports, run } = await makeJoined();
    station.deauthenticate('3');
    expect(reports).toEqual([{ station: 0, what: 'lost 3', atMs: 10_000 }]);
    station.join(SSID, PASSWORD);
    await run(60_000);
    expect(whatOf(reports)).toEqual(['lost 3', expect.stringMatching(/^joined/)]);
  });

  it('while it joins has failed to join', async () => {
    const { station, reports, run } = makeWifi();
    station.join(SSID, PASSWORD);
    await run(500);
    station.deauthenticate('2');
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'failed 2', atMs: 500 }]);
  });

  it('does not hear of it when it is not there, or the access point is off', async () => {
    const { accessPoint, station, reports, run } = makeWifi();
    station.deauthenticate('3');
    station.join(SSID, PASSWORD);
    await run(10_000);
    accessPoint.setPower(false);
    station.deauthenticate('3');
    station.roam();
    await run(10_001);
    expect(whatOf(reports)).toEqual([expect.stringMatching(/^joined/)]);
  });

  it('hears nothing more of a deauthentication that was coming', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setPower(false);
    accessPoint.setPower(true);
    station.deauthenticate('3');
    await run(60_000);
    expect(whatOf(reports)).toEqual(['lost 3']);
  });
});

describe('a station that roams', () => {
  it('is disconnected with the reason for it, then joins without a scan of all channels', async () => {
    const { stations, reports, run } = makeWifi({ stations: 300 });
    for (const station of stations) station.join(SSID, PASSWORD);
    await run(10_000);
    reports.length = 0;
    for (const station of stations) station.roam();
    expect(new Set(whatOf(reports))).toEqual(new Set(['lost 207']));
    reports.length = 0;
    for (const station of stations) station.join(SSID, PASSWORD);
    await run(20_000);
    const longestMs = SHORTEST_MS + 30 + 25 + 400; // what association, 4-way handshake and DHCP vary by
    expect(reports).toHaveLength(300);
    expect(Math.max(...reports.map(({ atMs }) => atMs - 10_000))).toBeLessThanOrEqual(longestMs);
  });

  it('scans again for the join after that', async () => {
    const { stations, reports, run } = makeWifi({ stations: 300 });
    for (const station of stations) station.join(SSID, PASSWORD);
    await run(10_000);
    for (const station of stations) {
      station.roam();
      station.join(SSID, PASSWORD);
    }
    await run(20_000);
    reports.length = 0;
    for (const station of stations) station.join(SSID, PASSWORD);
    await run(30_000);
    expect(Math.max(...reports.map(({ atMs }) => atMs - 20_000))).toBeGreaterThan(LONGEST_MS - 200);
  });
});

describe('a network whose password changes', () => {
  it('sends its stations away and lets them in again with the right one only', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setPassword('another');
    station.join(SSID, PASSWORD);
    await run(30_000);
    station.join(SSID, 'another');
    await run(60_000);
    expect(whatOf(reports)).toEqual(['lost 3', 'failed 15', expect.stringMatching(/^joined/)]);
  });

  it('is the same network when the password is the same', async () => {
    const { accessPoint, reports, run } = await makeJoined();
    accessPoint.setPassword(PASSWORD);
    await run(60_000);
    expect(reports).toEqual([]);
  });
});

describe('an access point that goes to another channel', () => {
  it('takes its stations along when it has announced it', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setChannel(6, true);
    await run(60_000);
    expect([reports, station.joined, station.hears]).toEqual([[], true, true]);
  });

  it('without a word leaves them behind: they hear no beacons any more, and find it again', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setChannel(6, false);
    expect([station.joined, station.hears]).toEqual([true, false]);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'lost 200', atMs: 18_500 }]);
    station.join(SSID, PASSWORD);
    await run(70_000);
    expect([station.joined, station.hears]).toEqual([true, true]);
  });

  it('and is back before they have noticed has lost none', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setChannel(6, false);
    await run(15_000);
    accessPoint.setChannel(1, false);
    await run(60_000);
    expect([reports, station.joined, station.hears]).toEqual([[], true, true]);
  });

  it('cannot call them back, nor send them away: they hear neither', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    accessPoint.setChannel(6, false);
    accessPoint.setChannel(11, true);
    station.deauthenticate('3');
    station.failRekey('group');
    station.roam();
    await run(18_499);
    expect([reports, station.hears]).toEqual([[], false]);
  });

  it('and has lost its power in between sends those away who hear it again', async () => {
    const { accessPoint, reports, run } = await makeJoined();
    accessPoint.setChannel(6, false);
    accessPoint.setPower(false);
    accessPoint.setPower(true);
    await run(12_000);
    accessPoint.setChannel(1, false);
    await run(60_000);
    expect(whatOf(reports)).toEqual(['lost 7']);
  });

  it('breaks off a join that is under way', async () => {
    const { accessPoint, station, reports, run } = makeWifi();
    station.join(SSID, PASSWORD);
    await run(500);
    accessPoint.setChannel(6, false);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'failed 2', atMs: 1_500 }]);
  });
});

describe('an access point with places for some', () => {
  async function makeFull(limit: number) {
    const wifi = makeWifi({ stations: 3 });
    wifi.accessPoint.limit = limit;
    for (const station of wifi.stations) station.join(SSID, PASSWORD);
    await wifi.run(10_000);
    const joined = wifi.stations.filter((station) => station.joined);
    const refused = wifi.stations.filter((station) => !station.joined);
    return { ...wifi, joined, refused };
  }

  it('refuses the others as too many, and lets one in when another leaves', async () => {
    const { joined, refused, reports, run } = await makeFull(2);
    expect([joined.length, refused.length]).toEqual([2, 1]);
    expect(whatOf(reports)).toContain('failed 5');
    joined[0].deauthenticate('3');
    refused[0].join(SSID, PASSWORD);
    await run(20_000);
    expect(refused[0].joined).toBe(true);
  });

  it('keeps the place of one that is silent for five minutes, and for itself', async () => {
    const { joined, refused, reports, run } = await makeFull(2);
    for (const station of joined) station.off();
    refused[0].join(SSID, PASSWORD);
    joined[0].join(SSID, PASSWORD);
    await run(20_000);
    expect([joined[0].joined, refused[0].joined]).toEqual([true, false]);
    expect(whatOf(reports).at(-1)).toMatch(/^joined|^failed 5$/);
    await run(312_000);
    refused[0].join(SSID, PASSWORD);
    await run(330_000);
    expect(refused[0].joined).toBe(true);
  });

  it('has all its places again after a reboot', async () => {
    const { accessPoint, refused, run } = await makeFull(2);
    accessPoint.setPower(false);
    accessPoint.setPower(true);
    refused[0].join(SSID, PASSWORD);
    await run(20_000);
    expect(refused[0].joined).toBe(true);
  });

  it('sends nobody away who is there when it gets fewer', async () => {
    const { accessPoint, stations, joined, run } = await makeFull(3);
    expect(joined).toHaveLength(3);
    accessPoint.limit = 0;
    await run(60_000);
    expect(stations.every((station) => station.joined)).toBe(true);
  });
});

describe('an access point that renews its keys', () => {
  it.each([
    ['group', 'lost 16'],
    ['pairwise', 'lost 15'],
  ] as const)('sends a station away that does not answer: %s', async (key, what) => {
    const { station, reports, run } = await makeJoined();
    station.failRekey(key);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what, atMs: 14_000 }]);
  });

  it('and loses its power meanwhile sends nobody away', async () => {
    const { accessPoint, station, reports, run } = await makeJoined();
    station.failRekey('group');
    await run(12_000);
    accessPoint.setPower(false);
    await run(60_000);
    expect(reports).toEqual([{ station: 0, what: 'lost 200', atMs: 20_500 }]);
  });
});

describe('a driver that tries again by itself', () => {
  it.each([
    [2, ['again', 'again', 'failed 201']],
    [0, ['failed 201']],
  ])('tells the firmware after %d times', async (reconnects, reported) => {
    const { station, reports, run } = makeWifi({ settings: { ...DEFAULT_STATION, reconnects } });
    station.join('another', PASSWORD);
    await run(60_000);
    expect(whatOf(reports)).toEqual(reported);
    expect(reports.at(-1)?.atMs).toBe((reconnects + 1) * 2830);
  });

  it('joins again after a loss, and a firmware that asks for the same meanwhile changes nothing', async () => {
    const { station, reports, run } = makeWifi({ settings: { ...DEFAULT_STATION, reconnects: 1 } });
    station.join(SSID, PASSWORD);
    await run(10_000);
    reports.length = 0;
    station.deauthenticate('3');
    await run(10_500);
    station.join(SSID, PASSWORD);
    await run(20_000);
    expect(whatOf(reports)).toEqual(['lost 3', 'again', expect.stringMatching(/^joined/)]);
    expect(Number(reports[2].what.split(' ')[2])).toBeCloseTo(reports[2].atMs - 10_000);
    station.deauthenticate('3');
    await run(30_000);
    expect(whatOf(reports).slice(3)).toEqual(['lost 3', 'again', expect.stringMatching(/^joined/)]);
  });

  it('roams and finds the channel that it knows', async () => {
    const { stations, reports, run } = makeWifi({ stations: 100, settings: { ...DEFAULT_STATION, reconnects: 1 } });
    for (const station of stations) station.join(SSID, PASSWORD);
    await run(10_000);
    for (const station of stations) {
      station.roam();
      station.join(SSID, PASSWORD);
    }
    await run(20_000);
    const longestMs = SHORTEST_MS + 30 + 25 + 400;
    expect(Math.max(...reports.slice(-100).map(({ atMs }) => atMs - 10_000))).toBeLessThanOrEqual(longestMs);
  });

  it('for ever is there when the access point is', async () => {
    const { accessPoint, station, reports, run } = makeWifi({ settings: { ...DEFAULT_STATION, reconnects: null } });
    accessPoint.setPower(false);
    station.join(SSID, PASSWORD);
    await run(60_000);
    accessPoint.setPower(true);
    await run(70_000);
    expect(station.joined).toBe(true);
    expect(new Set(whatOf(reports).slice(0, -1))).toEqual(new Set(['again']));
  });
});

describe('a station between two access points that have levels', () => {
  /** The first is on channel 1, the second on 6. */
  function makeWalk(settings: Partial<StationSettings> = {}, seed = 1) {
    const kernel = new Kernel();
    const [first, second] = [1, 6].map((channel) => new AccessPoint({ ssid: SSID, password: PASSWORD, channel }));
    const lost: string[] = [];
    const streams = new RandomStreams(seed);
    const station: Station = new Station({
      kernel,
      accessPoint: first,
      others: [second],
      radio: ESP32_RADIO,
      settings: { ...DEFAULT_STATION, ...settings },
      random: streams.stream('station'),
      signalLuck: () => streams.stream('signal'),
      loss: () => 0,
      onJoined: () => {},
      onFailed: () => station.join(SSID, PASSWORD),
      onLost: (reason) => {
        lost.push(`${reason} at ${Math.floor(kernel.nowUs / 1e6)}`);
        station.join(SSID, PASSWORD);
      },
    });
    const level = (firstDbm: number, secondDbm: number) => {
      station.setLevel(first, firstDbm);
      station.setLevel(second, secondDbm);
    };
    const run = (untilMs: number) => kernel.run(untilMs * 1000);
    return { level, lost, station, run, where: () => [first, second].indexOf(station.accessPoint) + 1 };
  }

  it('takes the first that it meets, and the strongest only when it scans for all', async () => {
    for (const [scan, expected] of [
      ['fast', 1],
      ['all', 2],
    ] as const) {
      const { level, station, run, where } = makeWalk({ scan });
      level(-80, -50);
      station.join(SSID, PASSWORD);
      await run(10_000);
      expect([station.joined, where()]).toEqual([true, expected]);
    }
  });

  it('stays where it is as long as it hears beacons, however strong another is', async () => {
    const { level, lost, station, run, where } = makeWalk();
    level(-50, -90);
    station.join(SSID, PASSWORD);
    await run(10_000);
    level(-93, -40);
    await run(600_000);
    expect([lost, where()]).toEqual([[], 1]);
  });

  it('gives up one that is too weak for beacons, 8.6 s later at the earliest, and finds the other', async () => {
    const { level, lost, station, run, where } = makeWalk();
    level(-50, -90);
    station.join(SSID, PASSWORD);
    await run(10_000);
    level(-110, -40);
    await run(18_640);
    expect(lost).toEqual([]);
    await run(60_000);
    expect([lost, station.joined, where()]).toEqual([['200 at 18'], true, 2]);
  });

  it('counts on through levels that change all the time', async () => {
    const { level, lost, station, run } = makeWalk();
    level(-50, -40);
    station.join(SSID, PASSWORD);
    await run(10_000);
    for (let second = 10; second < 20; second++) {
      level(-109 + (second % 2), -40);
      await run((second + 1) * 1000);
    }
    expect(lost).toEqual(['200 at 18']);
  });

  it('that roams leaves for one that is so much stronger when it looks around the next time', async () => {
    const { level, lost, station, run, where } = makeWalk({ roamDb: 15 });
    level(-55, -65);
    station.join(SSID, PASSWORD);
    await run(60_000);
    level(-60, -46);
    await run(120_000);
    expect([lost, where()]).toEqual([[], 1]);
    level(-60, -45);
    await run(180_000);
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatch(/^207 at 1[2-5]\d$/);
    expect([station.joined, where()]).toEqual([true, 2]);
  });

  it('does not look for another while its own is strong', async () => {
    const { level, lost, station, run } = makeWalk({ roamDb: 15 });
    level(-49, -20);
    station.join(SSID, PASSWORD);
    await run(120_000);
    expect(lost).toEqual([]);
  });
});

describe('a network of several access points', () => {
  /** One station, whose nearest access point is the first, and where it was each time that it told. */
  function makeNetwork(accessPoints = 3, seed = 1) {
    const kernel = new Kernel();
    const all = Array.from({ length: accessPoints }, () => new AccessPoint({ ssid: SSID, password: PASSWORD }));
    const moves: [accessPoint: number, joined: boolean][] = [];
    const [accessPoint, ...others] = all;
    const station = new Station({
      kernel,
      accessPoint,
      others,
      radio: ESP32_RADIO,
      random: new RandomStreams(seed).stream('station'),
      loss: () => 0,
      onJoined: () => {},
      onFailed: () => {},
      onLost: () => station.join(SSID, PASSWORD),
      onMoved: (where, joined) => moves.push([all.indexOf(where), joined]),
    });
    station.join(SSID, PASSWORD);
    const run = (untilMs: number) => kernel.run(untilMs * 1000);
    return { all, station, moves, run, where: () => (station.joined ? all.indexOf(station.accessPoint) : null) };
  }

  it('is joined at the nearest one, and another one takes its stations when that is off', async () => {
    const { all, run, where, moves } = makeNetwork();
    await run(10_000);
    expect(moves).toEqual([
      [0, false],
      [0, true],
    ]);
    all[0].setPower(false);
    await run(30_000);
    const second = where();
    expect([1, 2]).toContain(second);
    expect(moves.slice(2)).toEqual([
      [0, false],
      [second, false],
      [second, true],
    ]);
    all[0].setPower(true);
    await run(60_000);
    expect(where()).toBe(second); // nothing calls it back
  });

  it('spreads the stations of one that is off over all others', async () => {
    const seconds = await Promise.all(
      Array.from({ length: 40 }, async (_, seed) => {
        const { all, run, where } = makeNetwork(3, seed);
        await run(10_000);
        all[0].setPower(false);
        await run(30_000);
        return where();
      }),
    );
    expect(seconds.filter((second) => second === 1).length).toBeGreaterThan(10);
    expect(seconds.filter((second) => second === 2).length).toBeGreaterThan(10);
  });

  it('is another one for a station that roams, which stays the nearest', async () => {
    const { all, station, run, where } = makeNetwork(2);
    await run(10_000);
    station.roam();
    await run(20_000);
    expect(where()).toBe(1);
    station.deauthenticate('3');
    await run(30_000);
    expect(where()).toBe(1);
    station.roam(all[0]);
    await run(40_000);
    expect(where()).toBe(0);
  });

  it('does not feel what happens at an access point where it is not', async () => {
    const { all, run, where, moves } = makeNetwork();
    await run(10_000);
    all[1].setPower(false);
    all[2].setPassword('another');
    await run(60_000);
    expect([where(), moves.length]).toEqual([0, 2]);
  });

  it('is not there at all while none is on', async () => {
    const { all, run, where } = makeNetwork();
    await run(10_000);
    for (const one of all) one.setPower(false);
    await run(60_000);
    expect(where()).toBeNull();
  });
});
