import fc from 'fast-check';
import { parseDuration } from 'host/units';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { refusals } from '../../presets/limits.ts';
import { CLIENTS, type ClientName, SERVERS, type ServerName } from '../../presets/names.ts';
import { loadStudy } from '../sweep/study.ts';
import { boardsPing } from './advice-presets.ts';
import { ADVICE_IDLE_MIN_MS, ADVICE_MAX_MS, ADVICE_MIN_MS, type AdviceQuestion, adviceStudy, keepalives } from './advice-world.ts';
import { makeTuneStudy, playedIn } from './study.ts';
import { TUNE_WORLD } from './world.ts';

const questions: fc.Arbitrary<AdviceQuestion> = fc.record({
  detectWithinMs: fc.integer({ min: ADVICE_MIN_MS, max: ADVICE_MAX_MS }),
  link: fc.constant({ loss: 0.01 }),
  idleTimeoutMs: fc.option(fc.integer({ min: ADVICE_IDLE_MIN_MS, max: 3_600_000 }), { nil: null }),
});

describe('the keepalives that advise tries', () => {
  it('find a dead link in time on both sides, and let nothing be idle for too long, whatever was asked', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const all = Object.values(keepalives(question)).map((settings) =>
          Object.values(settings).map((text) => parseDuration(text) ?? Number.NaN),
        );
        expect(all.length).toBeGreaterThan(0);
        for (const [interval, timeout, boardInterval, boardTimeout] of all) {
          expect(interval + timeout).toBeLessThanOrEqual(question.detectWithinMs);
          expect(boardInterval + boardTimeout).toBeLessThanOrEqual(question.detectWithinMs);
          // Else a board pings each time that the relay is about to.
          expect(boardInterval).toBeGreaterThan(interval);
          expect(interval).toBeLessThan(question.idleTimeoutMs ?? Infinity);
        }
      }),
    );
  });

  it('are a study that can be run', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { study, errors } = loadStudy('q', stringify(adviceStudy(question)), null, null);
        expect(errors).toEqual([]);
        expect(study?.cells.length).toBe(Object.keys(keepalives(question)).length);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the keepalives that advise tries with libraries', () => {
  const fromHere = (client: ClientName, server: ServerName, detectWithinMs: number) => ({
    detectWithinMs,
    link: { loss: 0.01 },
    idleTimeoutMs: 60_000,
    libraries: { client, server },
  });

  it.each(CLIENTS.map((client, index) => [client, SERVERS[index % SERVERS.length]] as const))('%s can have, and %s', (client, server) => {
    for (const detectWithinMs of [20_000, 47_500, 300_000]) {
      const question = fromHere(client, server, detectWithinMs);
      const tried = Object.values(keepalives(question));
      if (tried.length === 0) continue;
      const { study, errors } = loadStudy('q', stringify(adviceStudy(question)), null, null);
      expect(errors).toEqual([]);
      for (const { scenario } of study?.cells ?? []) {
        expect(playedIn(scenario).flatMap(refusals)).toEqual([]);
        const { pingIntervalMs, pingTimeoutMs } = scenario.relay;
        if (server !== 'Home-Assistant') expect(pingIntervalMs + pingTimeoutMs).toBeLessThanOrEqual(detectWithinMs);
        const { ping_interval_ms, ping_timeout_ms } = scenario.boards.config.keepalive;
        if (boardsPing({ client })) expect(ping_interval_ms + ping_timeout_ms).toBeLessThanOrEqual(detectWithinMs);
        else expect(ping_interval_ms).toBe(0);
      }
    }
  });

  it('leave nothing where nothing can be set', () => {
    expect(keepalives(fromHere('Home-Assistant', 'Home-Assistant', 30_000))).toEqual({});
  });
});

describe('a tuning with libraries', () => {
  const request = {
    file: 'world',
    folder: null,
    locateTrace: String,
    locateFirmware: String,
    overrides: [],
    seeds: null,
    metrics: ['detect_ms'],
  };
  const world = (client: string, server: string) => stringify({ ...TUNE_WORLD, boards: { count: 2, client }, relay: { server } });
  const tuned = (client: string, server: string, vary: Record<string, unknown[]>) =>
    makeTuneStudy({ ...request, metrics: ['max(detect_ms)'], text: world(client, server), vary });

  it('leaves out of the usual settings what they do not have, and says why', () => {
    const made = tuned('PubSubClient', 'mosquitto', {});
    expect(made.errors).toEqual([]);
    expect(made.study?.parameters.map(({ name }) => name)).toEqual(['boards.board_ping_interval', 'boards.backoff.max']);
    expect(made.study && made.left.join(' ')).toMatch(
      /Not tried: boards\.board_ping_timeout \(PubSubClient: .*Not tried: relay\.ping_interval \(mosquitto: a broker pings nobody/,
    );
  });

  it('refuses what they cannot be set to, and says what to patch', () => {
    const refused = (client: string, server: string, vary: Record<string, unknown[]>) => tuned(client, server, vary).errors.join('\n');
    expect(refused('esp_websocket_client', 'uvicorn', { 'boards.backoff.jitter': ['none', 'full'] })).toMatch(
      /^boards\.backoff\.jitter cannot be full with esp_websocket_client: .*esp_websocket_client_set_reconnect_timeout/,
    );
    expect(refused('esp-mqtt', 'EMQX', { 'boards.board_ping_interval': ['10s', '12500ms'] })).toBe(
      'boards.board_ping_interval cannot be 12500ms with esp-mqtt: it takes whole seconds',
    );
    expect(refused('MicroPython', 'uvicorn', { 'boards.config.keepalive.ping_interval_ms': [20_000] })).toContain(
      'board_ping_interval cannot be 20s with MicroPython: it has no keepalive',
    );
    expect(refused('paho', 'AWS-IoT', { 'relay.ping_interval': ['20s'] })).toContain(
      'relay.ping_interval cannot be 20s with AWS-IoT: a broker pings nobody',
    );
    expect(refused('Socket.IO', 'Socket.IO', { 'boards.backoff.jitter': ['none', 'equal'] })).toBe('');
  });
});
