import { describe, expect, it } from 'vitest';
import type { RunResult } from '../measure/result.ts';
import {
  availabilityFinding,
  boardsFinding,
  causesFinding,
  channelsFinding,
  connectsFinding,
  stallsFinding,
  timesFinding,
} from './findings.ts';
import type { Loss } from './losses.ts';
import { plausibleResult } from './testing/plausible.ts';

const losses = (...backs: (number | null)[]): Loss[] => backs.map((backMs, board) => ({ board, atMs: 1000, cause: 'reset', backMs }));

function withMetrics(metrics: object): RunResult {
  const result = plausibleResult();
  Object.assign(result.summary.metrics, metrics);
  return result;
}

describe('a finding of channels', () => {
  it.each([
    [50, losses(), 'All 50 boards kept the first channel to the end'],
    [1, losses(), 'The board kept the first channel to the end'],
    [50, losses(4000), '1 of 50 boards lost its channel; it was back after 4 s'],
    [50, losses(4000, 1000, 9000), '3 of 50 boards lost their channel; half were back within 4 s, all within 9 s'],
    [50, losses(4000, 1000, null), '3 of 50 boards lost their channel; half were back within 4 s, 1 not by the end'],
    [50, losses(4000, null, null), '3 of 50 boards lost their channel; 1 came back, 2 not by the end'],
    [2, losses(null, null), 'All 2 boards lost their channel; none was back by the end'],
    [50, [...losses(4000), ...losses(6000)], '1 of 50 boards lost its channel, 2 times in all; half were back within 4 s, all within 6 s'],
    [1, losses(null), 'The board lost its channel once; it was not back by the end'],
  ])('of %d boards with %j', (boards, lost, sentence) => {
    expect(channelsFinding(plausibleResult(boards), lost)).toBe(sentence);
  });

  it('tells of boards that never had one', () => {
    const result = plausibleResult(3);
    result.boards[1].connects = 0;
    expect(channelsFinding(result, [])).toBe('2 boards kept the first channel to the end; 1 never had one');
    for (const board of result.boards) board.connects = 0;
    expect(channelsFinding(result, [])).toBe('None of 3 boards ever had an open channel');
  });
});

describe('a finding of availability', () => {
  const finding = (boards: number, share: number[]) =>
    availabilityFinding({ ...plausibleResult(boards), availability: { stepMs: 1000, share } });

  it.each([
    [50, [0, 0.5, 1, 1], 'All boards had a working channel from 3 s on'],
    [1, [0, 1, 1], 'The board had a working channel from 2 s on'],
    [50, [0, 0.9, 0.9], '90 % of the boards had a working channel from 2 s on'],
    [50, [0, 1, 0.4, 0.2, 1], 'At worst 20 % of the boards had a working channel, at 3 s'],
    [1, [0, 1, 0.5, 0, 1], 'The board had no working channel for a while, first at 2 s'],
    [50, [0, 0], 'At no time had any board a working channel'],
    [50, [], 'At no time had any board a working channel'],
  ])('of %d boards with %j', (boards, share, sentence) => {
    expect(finding(boards, share)).toBe(sentence);
  });
});

describe('a finding', () => {
  it('of connects sets what comes after the first outage beside the start', () => {
    const result = plausibleResult();
    expect(connectsFinding(result)).toBe('5 sessions opened in the busiest second, at 4 s; after the first outage at most 5');
    expect(connectsFinding({ ...result, outages: [] })).toBe('5 sessions opened in the busiest second, at 4 s');
    const herd = { ...result, connectsPerSecond: result.connectsPerSecond.map((count, second) => (second === 280 ? 30 : count)) };
    expect(connectsFinding(herd)).toBe('30 sessions opened in the busiest second, at 4 min 40 s; before the first outage at most 5');
    expect(connectsFinding({ ...result, connectsPerSecond: [0, 0] })).toBe('The relay opened no session');
  });

  it('of times, causes, stalls and boards is a sentence from the data', () => {
    const result = plausibleResult();
    expect(timesFinding(result)).toBe('Half of the messages arrived within 24 ms, 99 % within 1.2 s');
    expect(causesFinding(result)).toBe('50 of 54 connections that ended: Wi-Fi lost');
    expect(causesFinding(withMetrics({ disconnects: 50, 'disconnects.ping_timeout': 0 }))).toBe(
      'All 50 connections that ended: Wi-Fi lost',
    );
    expect(causesFinding(withMetrics({ disconnects: 0, 'disconnects.wifi_lost': 0, 'disconnects.ping_timeout': 0 }))).toBe(
      'No connection ended',
    );
    expect(stallsFinding(result.stalls, (cause) => cause)).toBe('Main loops stood still for up to 1 s: connect');
    expect(stallsFinding(result.stalls.slice(1), String)).toBe('Main loops kept their time: no timer was later than 3.5 ms');
    expect(stallsFinding([], String)).toBe('No timer of the firmware was ever late');
    expect(boardsFinding(plausibleResult(3))).toBe('board-2 was available least: 87.08 % of the time');
    expect(boardsFinding(plausibleResult(1))).toBe('board-1 was available 95 % of the time');
  });
});
