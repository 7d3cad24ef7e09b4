import { MESSAGE_REFUSALS } from 'firmware/events';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../measure/registry.ts';
import type { RunResult, Segment } from '../measure/result.ts';
import { collect } from '../measure/testing/story.ts';
import { headline, story } from './headline.ts';
import { REASON_WORDS } from './refusals.ts';
import { renderReport } from './report.ts';
import { plausibleResult } from './testing/plausible.ts';

/** Generous for a mail, and for a phone. */
const MAX_CHARACTERS = 1_500_000;

/** Of a run in which nothing happened. */
function emptyResult(boards: number): RunResult {
  const { metrics, pending: _, ...measured } = collect([], { settings: { boards }, endMs: 0 });
  const { summary, settings } = plausibleResult(boards);
  return { ...measured, about: '', settings, summary: { ...summary, virtual_ms: 0, metrics, checks: [], thresholds: [] } };
}

describe('the report', () => {
  it('shows what was found, for whom, and how to find it again', () => {
    const page = renderReport(plausibleResult());
    expect(page).toContain('<h1>50 boards had a working channel 94.32 % of the time; 3 of 9,203 messages were lost.</h1>');
    expect(page).toContain('✓ HELD: 2 checks and 1 threshold. ');
    expect(page).toContain(
      '<p class="finding">Half within 24\u00a0ms, 99\u00a0% within 1.2\u00a0s</p><p class="numbers">longest 4.2 s · n\u00a0=\u00a09,200</p>',
    );
    expect(page).toContain(`${lateTimers()} of 170,000 timers late`);
    expect(page).toContain('<code>connect</code></th><td>1 s</td><td>14</td>');
    expect(page).toContain('npx tsx sim replay scenarios/ap-reboot.yaml');
    expect(page).toContain('sha256:0123456789abcdef');
    expect(page).toContain('access point without power: 50 boards, from 4 min to 4 min 30 s');
    expect(page).toContain('Wi-Fi lost: 50 channels</text>');
    expect(page).toContain('What is not modelled');
    for (let board = 1; board <= 50; board++) expect(page).toContain(`>board-${board}</th>`);
    for (const name of Object.keys(METRICS)) expect(page).toContain(`<code>${name}</code>`);
  });

  it('draws the air over time by access point, and warns when that is what hurt', () => {
    const result = plausibleResult();
    const page = renderReport(result);
    expect(page).toContain('The air was busy 13 % of the time, 21 % at most; ap-2 had more to send than it could for 4 s');
    for (const name of ['ap-1, channel 1', 'ap-2, channel 6'])
      expect(page).toContain(`aria-label="${name}: time in which the air was busy`);
    expect(page).not.toContain('Warning: ');
    result.summary.warnings = ['the air of ap-2 was full for 4 s'];
    expect(renderReport(result)).toContain('Warning: the air of ap-2 was full for 4 s.');
    expect(renderReport({ ...result, air: undefined })).not.toContain('The air over time');
  });

  it('tells by which HTTP statuses boards were kept out', () => {
    const result = plausibleResult();
    result.summary.refused_by_status = { 403: 12, 503: 1 };
    expect(renderReport(result)).toContain('Servers refused by HTTP 403 12 times, HTTP 503 1 time.');
  });

  it('tells of messages that the channel refused, by reason and only when there were some', () => {
    const result = plausibleResult();
    expect(renderReport(result)).not.toContain('Messages that the channel refused');
    Object.assign(result.summary.metrics, {
      messages_refused: 1_003,
      'messages_refused.outbox_full': 3,
      'messages_refused.not_utf8': 1_000,
    });
    const page = renderReport(result);
    expect(page).toContain('<h2>1,003 of 9,203 messages were refused by the channel and never sent</h2>');
    expect(page.match(/<code>(not_utf8|outbox_full)<\/code><\/th><td class="number">[\d,]+/g)).toEqual([
      '<code>not_utf8</code></th><td class="number">1,000',
      '<code>outbox_full</code></th><td class="number">3',
    ]);
  });

  it('has words and a metric for each reason that the channel may have', () => {
    expect(Object.keys(REASON_WORDS).sort()).toEqual([...MESSAGE_REFUSALS].sort());
    for (const reason of MESSAGE_REFUSALS) expect(METRICS).toHaveProperty([`messages_refused.${reason}`]);
  });

  it('needs nothing but itself', () => {
    const page = renderReport(plausibleResult());
    expect(page).not.toMatch(/<link|<img|<iframe|\ssrc=|\shref=|@import|@font-face|fetch\(/);
    expect(page.match(/url\([^)]*\)/g)?.filter((url) => !/^url\(#[\w-]+\)$/.test(url))).toEqual([]);
    expect(page.replaceAll(/http:\/\/www\.w3\.org\/[\w/]+/g, '')).not.toMatch(/https?:/);
  });

  it('has every id once, and no reference to one that is missing', () => {
    const page = renderReport(plausibleResult(200));
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/url\(#([\w-]+)\)/g)) expect(ids).toContain(id);
  });

  it('takes nothing from its input as markup', () => {
    const attack = '"><img src=x onerror=alert(1)></script><script>\'';
    const result = plausibleResult(3);
    const { summary } = result;
    Object.assign(summary, { scenario: attack, device: attack, trace_hash: attack, replay: attack });
    summary.checks = [{ name: attack, ok: false, detail: attack }];
    summary.thresholds = [{ expr: attack, ok: false, value: 1 }];
    summary.metrics[`disconnects.${attack}`] = 9;
    summary.errors = [{ message: attack, at: attack, count: 1, boards: 1, first_ms: 1 }];
    result.settings = [[attack, attack, false]];
    for (const outage of result.outages) outage.label = attack;
    for (const stall of result.stalls) stall.cause = attack;
    for (const board of result.boards) {
      board.id = attack;
      for (const segment of board.timeline) segment.cause = attack;
    }
    const page = renderReport(result);
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<\/script/g)).toHaveLength(1);
    expect(page).toContain('&quot;&gt;&lt;img');
  });

  it('shows what firmware did not catch, and nothing of it when there is nothing', () => {
    const result = plausibleResult(3);
    expect(renderReport(result)).not.toContain('Uncaught errors');
    const { summary } = result;
    summary.metrics.board_errors = 12;
    summary.errors = [
      { message: 'a < b', at: 'src/app.ts:4', count: 9, boards: 2, first_ms: 1500 },
      { message: 'thrown as text', at: '', count: 1, boards: 1, first_ms: 0 },
    ];
    const page = renderReport(result);
    expect(page).toContain('The firmware threw 12 errors that it did not catch, most often: a &lt; b');
    expect(page).toContain('a &lt; b</th><td><code>src/app.ts:4</code></td><td>9</td><td>2</td><td>1.5 s</td>');
    expect(page).toContain('<code>unknown</code>');
    expect(page).toContain('and 2 errors more of other kinds');
  });

  it('says so when there are no samples, and draws a run in which nothing happened', () => {
    const page = renderReport(emptyResult(2));
    expect(page.match(/<p class="empty">No samples: [^<]*<\/p>/)?.[0].split(' · ')).toHaveLength(9);
    expect(page).toContain('2 boards never had a working channel.');
    expect(page).toContain('no connection ended');
    expect(page).toContain('nothing was asked of this run');
    expect(page).not.toMatch(/NaN|undefined|Infinity|\bnull\b/);
  });

  it.each([1, 50, 101])('has no hole in it with %d boards', (boards) => {
    expect(renderReport(plausibleResult(boards))).not.toMatch(/NaN|undefined|Infinity|\bnull\b|\[object/);
  });

  it('gives the same file for the same result', () => {
    expect(renderReport(plausibleResult(5))).toBe(renderReport(plausibleResult(5)));
  });

  it('draws a large fleet as a whole, with its worst boards, and stays small however restless they are', () => {
    const result = plausibleResult(1000);
    for (const board of result.boards) board.timeline = restless();
    result.boards[776].availability = 0;
    const page = renderReport(result);
    expect(page).toContain('share of boards in each state');
    expect(page.match(/<text class="row"[^>]*>board-/g)).toHaveLength(50);
    expect(page.indexOf('>board-777</text>')).toBeGreaterThan(0);
    expect(page.length).toBeLessThan(MAX_CHARACTERS);
    const hundred = { ...result, boards: result.boards.slice(0, 100) };
    expect(renderReport(hundred).length).toBeLessThan(MAX_CHARACTERS);
  });

  it('draws every moment of a board exactly once', () => {
    const result = plausibleResult(1);
    result.boards[0].timeline = restless();
    const page = renderReport(result);
    const bars = page.slice(page.indexOf('State of each board')).split('<text class="row"')[0];
    const widths = [...bars.matchAll(/M[\d.]+ [\d.]+h([\d.]+)v/g)].map(([, width]) => Number(width));
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(1000 - 78 - 4, 6);
  });

  it('says when a timeline had to be made coarser', () => {
    const result = plausibleResult(2);
    expect(renderReport(result)).not.toContain('coarser');
    result.boards[1].timelineMerged = 250;
    expect(renderReport(result)).toContain('coarser');
  });
});

describe('the headline', () => {
  const { summary } = plausibleResult();
  const withMetrics = (metrics: object) => ({ ...summary, metrics: { ...summary.metrics, ...metrics } });

  it.each([
    [
      { channel_availability: 1, messages_sent: 10, messages_lost: 0 },
      '50 boards had a working channel all the time; all 10 messages arrived.',
    ],
    [
      { channel_availability: 0.99999, messages_sent: 10, messages_lost: 1 },
      '50 boards had a working channel 99.99 % of the time; 1 of 10 messages was lost.',
    ],
    [{ messages_sent: 0, messages_lost: 0 }, '50 boards had a working channel 94.32 % of the time; no messages were sent.'],
    [{ connects: 0 }, '50 boards never had a working channel.'],
  ])('for %j', (metrics, sentence) => {
    expect(headline(withMetrics(metrics))).toBe(sentence);
  });

  it('is followed by how links were found dead and came back', () => {
    expect(story(summary)).toBe(
      'Once the network was restored, channels were open again after 3.1 s (median), 15.2 s at worst. Boards that had noticed the end of a channel had the next after 3.1 s (median), 15.2 s at worst (50 reconnects). Keepalives killed 1 channel whose network was up.',
    );
  });
});

/** As many segments as a timeline may have, over ten minutes. */
function restless(): Segment[] {
  const states = ['open', 'dead', 'waiting', 'tcp', 'wifi'] as const;
  return Array.from({ length: 500 }, (_, index) => ({
    fromMs: index * 1200,
    toMs: (index + 1) * 1200,
    state: states[index % 5],
    cause: '',
  }));
}

function lateTimers(): string {
  const late = plausibleResult().histograms.main_loop_stall_ms.slice(1);
  return late
    .reduce((sum, { count }) => sum + count, 0)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}
