import fc from 'fast-check';
import { formatBitRate, formatDuration } from 'host/units';
import { describe, expect, it } from 'vitest';
import { readLinkTrace, type TraceStep } from './link-trace.ts';
import { loadScenario } from './load.ts';
import type { SourceFolder } from './read-document.ts';

const MINUTE = 60_000;

const beside = (readTrace: SourceFolder['readTrace']): SourceFolder => ({
  id: 's.yaml',
  readTrace,
  locateFirmware: (name) => name,
  readScenario: () => ({ problem: 'not here' }),
  readWeather: () => ({ problem: 'not here' }),
});

describe('a CSV of link conditions', () => {
  it('becomes a step per row, an empty cell changing nothing', () => {
    expect(readLinkTrace('t_ms,loss,latency_ms,rate_bps\n0,0.1,20,2000000\n1500.5,,300,\n', MINUTE)).toEqual([
      { at: '0s', action: 'link.set', loss: 0.1, latency: '20ms', rate: '2mbit' },
      { at: '1500.5ms', action: 'link.set', latency: '300ms' },
    ]);
  });

  it('has a level for each access point, and a link’s own: dBm, which are below 0', () => {
    expect(readLinkTrace('t_ms,rssi_dbm,rssi_ap1,rssi_ap2\n0,-70,-50,\n1000,,,-60.5\n', MINUTE, 2)).toEqual([
      { at: '0s', action: 'link.set', rssi: -70 },
      { at: '0s', action: 'ap.signal', ap: 1, rssi: -50 },
      { at: '1s', action: 'ap.signal', ap: 2, rssi: -60.5 },
    ]);
    expect(readLinkTrace('t_ms,rssi_ap1,rssi_ap3\n', MINUTE, 2)).toBe(
      'line 1: unknown column "rssi_ap3"; expected t_ms and any of loss, latency_ms, jitter_ms, rate_bps, rssi_dbm, rssi_ap1 to rssi_ap2',
    );
    expect(readLinkTrace('t_ms,rssi_ap1\n0,50\n', MINUTE)).toBe('line 2: rssi_ap1: expected a number from -110 to -10, got "50"');
  });

  it('ends with the run', () => {
    expect(readLinkTrace('t_ms,loss\n0,0.1\n59000,0.2\n61000,0.3\n', MINUTE)).toHaveLength(2);
  });

  it.each([
    ['', 'line 1: the file is empty; expected a CSV that begins with t_ms, or mahimahi’s list of milliseconds'],
    ['t_ms,los\n', 'line 1: unknown column "los"; expected t_ms and any of loss, latency_ms, jitter_ms, rate_bps, rssi_dbm, rssi_ap1'],
    ['t_ms\n', 'line 1: no column; expected t_ms and any of loss, latency_ms, jitter_ms, rate_bps, rssi_dbm, rssi_ap1'],
    ['t_ms,loss\n0,1.5\n', 'line 2: loss: expected a number from 0 to 1 (10 % is 0.1), got "1.5"'],
    ['t_ms,loss\n0,0.1\n0,0.2\n', 'line 3: t_ms: expected a number of milliseconds after 0, got "0"'],
    ['t_ms,loss\n0\n', 'line 2: 1 cells; expected 2'],
    ['t_ms,latency_ms\n0,-5\n', 'line 2: latency_ms: expected a duration with its unit (500ms, 20s, 10m, 1h) from 0s to 1m, got "-5"'],
  ])('that reads %j is refused', (text, problem) => {
    expect(readLinkTrace(text, MINUTE)).toBe(problem);
  });
});

describe('mahimahi’s packet-delivery format', () => {
  it('becomes the mean rate of each second, over and over', () => {
    // 100 packets in the first second, none in the second: 1.2 Mbit/s, then the lowest rate.
    const trace = [...Array.from({ length: 100 }, (_, packet) => String((packet + 1) * 10)), '2000'].join('\n');
    expect(readLinkTrace(trace, 4_000)).toEqual([
      { at: '0s', action: 'link.set', rate: '1200kbit' },
      { at: '1s', action: 'link.set', rate: '12kbit' },
      { at: '2s', action: 'link.set', rate: '1200kbit' },
      { at: '3s', action: 'link.set', rate: '12kbit' },
    ]);
  });

  it.each([
    ['1\n2\nx\n', 'line 3: expected a whole number of milliseconds, not less than the one before, got "x"'],
    ['5\n3\n', 'line 2: expected a whole number of milliseconds, not less than the one before, got "3"'],
    ['0\n', 'line 1: expected milliseconds above 0'],
  ])('that reads %j is refused', (text, problem) => {
    expect(readLinkTrace(text, MINUTE)).toBe(problem);
  });

  it('names the line from which on it is faster than any link', () => {
    expect(readLinkTrace(`5000\n${'6000\n'.repeat(900_000)}`, MINUTE)).toBe(
      'line 2: from here 900000 packets within a second are 10800mbit; expected a bit rate with its unit (250kbit, 2mbit) from 1kbit to 10gbit',
    );
  });

  it('judges a hundred thousand packets in each millisecond at once', () => {
    expect(readLinkTrace('1\n'.repeat(100_000), 30 * 24 * 60 * MINUTE)).toMatch(
      /^line 1: from here 100000000 packets within a second are 1200gbit; expected/,
    );
  });

  it('counts the packets of a period as mahimahi does, one by one', () => {
    const inWindow = (deliveries: number[], fromMs: number) => {
      let packets = 0;
      const periodMs = deliveries[deliveries.length - 1];
      for (let start = 0; start <= fromMs + 1_000; start += periodMs) {
        for (const at of deliveries) if (start + at <= fromMs + 1_000 && (fromMs === 0 || start + at > fromMs)) packets++;
      }
      return packets;
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 50 }), (times) => {
        const deliveries = times.sort((a, b) => a - b);
        fc.pre(deliveries[deliveries.length - 1] > 0);
        const steps = readLinkTrace(deliveries.join('\n'), 10_000) as TraceStep[];
        let rate = '';
        for (let second = 0; second < 10; second++) {
          rate = (steps.find(({ at }) => at === formatDuration(second * 1_000))?.rate as string) ?? rate;
          expect(rate).toBe(formatBitRate(Math.max(1_000, inWindow(deliveries, second * 1_000) * 12_000)));
        }
      }),
    );
  });

  it('gives every packet its place: evenly spread packets are one rate, that of the trace', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100), fc.integer({ min: 1, max: 100 }), (gapMs, packets) => {
        const text = Array.from({ length: packets }, (_, packet) => String((packet + 1) * gapMs)).join('\n');
        const bitsPerSecond = (1_000 / gapMs) * 1_500 * 8;
        expect(readLinkTrace(text, MINUTE)).toEqual([{ at: '0s', action: 'link.set', rate: formatBitRate(bitsPerSecond) }]);
      }),
    );
  });
});

describe('link.trace of a scenario file', () => {
  const text = 'version: 1\nduration: 1m\nlink: { loss: 0.01, trace: lab.csv }\nsteps:\n  - { at: 5s, action: ap.down, for: 1s }\n';

  it('is unrolled behind the steps of the file', () => {
    const { scenario } = loadScenario(
      'f.yaml',
      text,
      [],
      beside((file) => ({ text: file === 'lab.csv' ? 't_ms,loss\n0,0.5\n' : '' })),
    );
    expect(scenario?.steps.map(({ action, atMs }) => [action, atMs])).toEqual([
      ['ap.down', 5_000],
      ['link.set', 0],
    ]);
  });

  it.each(['aps: 2', 'boards: { count: 4, per_ap: 2 }'])('knows the access points of the scenario: %s', (network) => {
    const { scenario, errors } = loadScenario(
      'f.yaml',
      `version: 1\n${network}\nlink: { trace: walk.csv }\n`,
      [],
      beside(() => ({ text: 't_ms,rssi_ap2\n0,-70\n' })),
    );
    expect(errors).toEqual([]);
    expect(scenario?.steps).toMatchObject([{ action: 'ap.signal', parameters: { ap: 2, rssi: -70 } }]);
  });

  it('says where the file is named, and what is wrong with it', () => {
    const bad = loadScenario(
      'f.yaml',
      text,
      [],
      beside(() => ({ text: 't_ms,loss\n0,2\n' })),
    );
    expect(bad.errors).toEqual(['f.yaml:3:28: link.trace: lab.csv: line 2: loss: expected a number from 0 to 1 (10 % is 0.1), got "2"']);
    const missing = loadScenario(
      'f.yaml',
      text,
      [],
      beside(() => ({ problem: 'lab.csv: no such file' })),
    );
    expect(missing.errors).toEqual(['f.yaml:3:28: link.trace: lab.csv: no such file']);
  });

  it('is for files that lie beside a scenario: nothing else has it', () => {
    expect(loadScenario('f.yaml', text).errors).toEqual([
      'f.yaml:3:28: link.trace: expected the name of a file beside the scenario file, got "lab.csv"',
    ]);
  });
});
