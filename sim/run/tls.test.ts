/**
 * Runs with TLS: the same again with other certificates, what a handshake costs a board, and what a wrong
 * calendar does to it.
 */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'firmware/apps/sos';
import type { WallClock } from 'hal';
import { afterAll, describe, expect, it } from 'vitest';
import { createFleetCertificates } from '../certificates/fleet.ts';
import { CertificateStore } from '../certificates/store.ts';
import { boardId } from '../kernel/board-id.ts';
import type { WorldEvent } from '../kernel/events.ts';
import type { Distribution, RunResult } from '../measure/result.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { WatchedWorld } from '../testing/watched-world.ts';
import { World } from '../world/world.ts';
import { run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'squall-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

function play(document: ScenarioDocument): Promise<RunResult> {
  return run(makeScenario(document), app);
}

const HOST = '192.168.1.10';

it('keys are kept for their owner only, and made anew when they cannot be read', async () => {
  const home = join(folder, 'keys');
  const { keys } = await CertificateStore.open(home);
  const file = join(home, 'tls-2.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await CertificateStore.open(home)).keys).toEqual(keys);
  writeFileSync(file, '{"authority":');
  expect((await CertificateStore.open(home)).keys.board.key).not.toBe(keys.board.key);
});

describe("the boards' certificates", () => {
  const home = join(folder, 'boards');
  const file = join(home, 'tls-boards-2.json');

  /** Those of the first three boards, as a run gets them that begins now. */
  async function firstThree(): Promise<string[]> {
    const store = await CertificateStore.open(home);
    return [0, 1, 2].map((index) => store.boardCertificate(index));
  }

  it('are kept for their owner only, and a smaller fleet forgets none', async () => {
    const made = await firstThree();
    expect(made.map((cert) => new X509Certificate(cert).subject)).toEqual([0, 1, 2].map((index) => `CN=${boardId(index)}`));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await CertificateStore.open(home)).boardCertificate(0)).toBe(made[0]);
    expect(await firstThree()).toEqual(made);
  });

  it.each([
    ['is cut short', (text: string) => text.slice(0, -20)],
    ['has one letter changed', (text: string) => text.replace('MII', 'MIJ')],
    ['is something else', () => '[]'],
    ['has lost a certificate', (text: string) => JSON.stringify({ ...JSON.parse(text), certificates: [] })],
  ])('are made anew when their file %s', async (_what, spoil) => {
    const made = await firstThree();
    writeFileSync(file, spoil(readFileSync(file, 'utf8')));
    const again = await firstThree();
    expect(again.filter((cert) => made.includes(cert))).toEqual([]);
    expect(await firstThree()).toEqual(again);
  });

  it('are made anew when the authority is another', async () => {
    const made = await firstThree();
    rmSync(join(home, 'tls-2.json'));
    const { keys } = await CertificateStore.open(home);
    const authority = new X509Certificate(keys.authority.cert);
    const again = await firstThree();
    expect(again).not.toEqual(made);
    for (const cert of again) expect(new X509Certificate(cert).verify(authority.publicKey)).toBe(true);
  });

  it('are there without a folder that can be written, and for a board out of turn', async () => {
    writeFileSync(join(folder, 'no-folder'), '');
    const store = await CertificateStore.open(join(folder, 'no-folder'));
    expect(new X509Certificate(store.boardCertificate(7)).subject).toBe(`CN=${boardId(7)}`);
  });
});

it('other keys and serial numbers give the same trace, be they new, in memory or from a file', async () => {
  const scenario = makeScenario({ tls: 'mutual', link: { loss: 0.1 } });
  const [one, other] = await Promise.all(['a', 'b'].map((name) => CertificateStore.open(join(folder, name))));
  const stores = [one, one, other, await CertificateStore.open(join(folder, 'a'))];
  const hashes: string[] = [];
  for (const store of stores) {
    const certificates = await createFleetCertificates(HOST, store);
    hashes.push((await run(scenario, app, { certificates })).summary.trace_hash);
  }
  expect(new Set(hashes).size).toBe(1);
});

it('each mode opens every channel, and costs more than the one before it', async () => {
  const results = [];
  for (const tls of ['none', 'encrypt', 'server', 'mutual'] as const) {
    const { summary, stalls } = await play({ tls, boards: { device: 'espruino-esp32' } });
    const { connects, tls_bytes, tls_failures, connect_ms } = summary.metrics;
    expect({ connects, tls_failures }).toEqual({ connects: 5, tls_failures: 0 });
    const stallMs = stalls.find(({ cause }) => cause === 'tls')?.worstMs ?? 0;
    results.push({ bytes: tls_bytes as number, connectMs: (connect_ms as Distribution).p50 as number, stallMs });
  }
  const [none, encrypt, server, mutual] = results;
  expect(none).toMatchObject({ bytes: 0, stallMs: 0 });
  expect(encrypt.bytes).toBeGreaterThan(0);
  expect(encrypt.connectMs).toBeGreaterThan(none.connectMs + 19); // one operation with the relay's public key
  expect(server.connectMs).toBeGreaterThan(encrypt.connectMs + 15);
  expect(mutual.connectMs).toBeGreaterThan(server.connectMs + 440); // one with the board's private key
  expect(mutual.bytes).toBeGreaterThan(server.bytes);
});

it('a board that nobody tells the date refuses the relay until a step sets its clock', async () => {
  const clock = { source: 'none' };
  const { summary } = await play({
    tls: 'server',
    boards: { count: 1, device: 'espruino-esp32', config: { clock } },
    steps: [{ at: 30_000, action: 'clock.set', parameters: { to: Date.UTC(2026, 0, 1) } }],
  });
  expect(summary.metrics.connects).toBe(1);
  expect(summary.metrics['tls_failures.not_yet_valid']).toBeGreaterThan(0);
  expect(summary.metrics['disconnects.tls']).toBe(summary.metrics.tls_failures);
});

it('the time comes over the link: not at all when nothing passes, within a second of right when it does', async () => {
  const watched = new WatchedWorld({ boards: { count: 1, device: 'micropython-esp32', boot_spread: 0 } });
  await watched.run(15_000);
  const { wallClock } = (watched.world as unknown as { boards: { wallClock: WallClock }[] }).boards[0];
  const answers: (string | null)[] = [];
  watched.world.controls.link(0).setBlackhole(true);
  wallClock.synchronize('10.0.0.9', (failure) => answers.push(failure));
  await watched.run(6_000);
  watched.world.controls.link(0).setBlackhole(false);
  wallClock.synchronize('10.0.0.9', (failure) => answers.push(failure));
  await watched.run(1_000);
  expect(answers).toEqual(['no answer from 10.0.0.9', null]);
  expect(Math.abs(wallClock.now() - (Date.UTC(2026, 0, 1) + watched.nowMs))).toBeLessThan(1_000);
  await watched.close();
});

it('a relay that hangs answers no handshake and no message, and then goes on with both', async () => {
  const certificates = await createFleetCertificates(HOST, await CertificateStore.open(join(folder, 'a')));
  const world = new World(makeScenario({ tls: 'mutual', boards: { count: 2, boot_spread: 0 } }), { app, certificates });
  const events: WorldEvent[] = [];
  world.events$.subscribe((event) => events.push(event));
  const during = async (ms: number): Promise<WorldEvent[]> => {
    const from = events.length;
    await world.run(world.nowMs + ms);
    return events.slice(from);
  };
  const count = (of: WorldEvent[], name: WorldEvent['event'], board: number): number =>
    of.filter((event) => event.event === name && event.board === board).length;

  world.start();
  await during(1_000);
  world.controls.board(1).setPower(false); // before it has joined
  const before = await during(9_000);
  expect([count(before, 'ws.open', 0), count(before, 'ws.open', 1)]).toEqual([1, 0]);
  world.controls.relay.setHung(true);
  world.controls.board(1).setPower(true);
  const hung = await during(8_000);
  expect([count(hung, 'tcp.connected', 1), count(hung, 'ws.open', 1)]).toEqual([1, 0]);
  expect([count(hung, 'message.written', 0) > 0, count(hung, 'relay.received', 0)]).toEqual([true, 0]);
  world.controls.relay.setHung(false);
  const after = await during(8_000);
  expect([count(after, 'ws.open', 1), count(after, 'ws.open', 0)]).toEqual([1, 0]);
  expect(count(events, 'relay.received', 0)).toBe(count(events, 'message.written', 0));
  expect(events.filter(({ event }) => event === 'tls.failed' || event === 'ws.close')).toEqual([]);
  await world.close();
});
