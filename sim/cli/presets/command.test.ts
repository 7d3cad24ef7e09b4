import { describe, expect, it } from 'vitest';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

describe('sim presets', () => {
  it('lists all, and shows one with its sources and the lines to paste', async () => {
    const all = await sim('presets');
    expect(all.out).toMatch(/esp_websocket_client: .*\n[\s\S]*mosquitto: /);
    const one = await sim('presets', 'ESP_websocket_client');
    expect(one.out).toMatch(
      /WEBSOCKET_PING_INTERVAL_SEC[\s\S]*backoff\.jitter cannot be set[\s\S]*Not modelled[\s\S]*\.ping_interval_sec = 10,/,
    );
    expect(JSON.parse((await sim('presets', 'uvicorn', '--json')).out).presets).toMatchObject([
      { side: 'server', settings: { 'relay.ping_interval': { value: '20s' } }, place: 'main.py' },
    ]);
  });

  it('answers an unknown name with the nearest', async () => {
    const { exitCode, err } = await sim('presets', 'mosqitto');
    expect([exitCode, err]).toEqual([2, 'presets: unknown name "mosqitto" (did you mean mosquitto?)\n']);
  });
});

describe('--client and --server-preset', () => {
  it('say what is played and what is not, and stand in the line that replays it', async () => {
    const words = ['--client', 'esp-mqtt', '--server-preset', 'mosquitto', '--board-ping-interval', '10s'];
    const { out, exitCode } = await sim(
      '--boards',
      '1',
      '--duration',
      '1s',
      ...words,
      '--out',
      scratch().path('run'),
      '--no-report',
      '--no-trace',
    );
    expect(exitCode).toBe(0);
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'Defaults: boards have those of esp-mqtt, the relay those of mosquitto. The relay broadcasts, pings every 10s and waits 20s',
    );
    expect(text).toContain('A board pings after 10s of silence, waits 10s, and reconnects with fixed backoff of 10s');
    expect(text).toContain('Not modelled of esp-mqtt: it pings');
    expect(text).toMatch(
      /Again: npx tsx sim --boards 1 --client esp-mqtt --duration 1s --server-preset mosquitto --board-ping-interval 10s/,
    );
  });

  it('answer an unknown name with the nearest', async () => {
    expect((await sim('--client', 'esp_websocket')).err).toContain('(did you mean esp_websocket_client?)');
    expect((await sim('--server-preset', 'Nginx')).err).toContain('(did you mean nginx?)');
    expect((await sim('replay', 'scenarios/smoke.yaml', '--client', 'pubsubclient')).err).toContain('--set boards.client=PubSubClient');
  });
});
