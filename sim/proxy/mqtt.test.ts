import { freePort } from 'relay/testing/free-port';
import { describe, expect, it } from 'vitest';
import { describeCounts } from './describe.ts';
import { MqttWatch } from './mqtt-watch.ts';
import { HAS_MOSQUITTO, MQTT_PACKETS, startMosquitto } from './testing/mosquitto.ts';
import { pass, startRig } from './testing/rig.ts';

const CONNACK = '\x20\x02\0\0';
const PINGRESP = '\xd0\0';
const { connect, publish, pingreq, disconnect } = MQTT_PACKETS;

describe('what is told of MQTT clients', () => {
  it('is read from the headers of packets, wherever they are cut', () => {
    const said = connect('a', 60, 'a/gone') + publish('t', 'x'.repeat(300)) + pingreq;
    for (let cut = 1; cut < said.length; cut++) {
      const watch = new MqttWatch();
      const connection = watch.open();
      connection.pass('upstream', said.slice(0, cut), 0);
      connection.pass('upstream', said.slice(cut), 0);
      connection.pass('downstream', CONNACK + PINGRESP, 0);
      expect(watch.counts).toMatchObject({ connections: 1, clients: 1, pings: 1, pongs: 1, keepaliveMs: { least: 60_000, most: 60_000 } });
    }
  });

  it('counts who was silent for 1.5 keepalives, came back, was taken over, and left a will', () => {
    const watch = new MqttWatch();
    const open = (id: string, atMs: number) => {
      const connection = watch.open();
      connection.pass('upstream', connect(id, 10, 'gone'), atMs);
      connection.pass('downstream', CONNACK, atMs);
      return connection;
    };
    const first = open('a', 0);
    first.end(true, 15_000);
    expect(watch.counts).toMatchObject({ silences: 1, longestSilenceMs: 15_000, willsDue: 1, reconnects: 0 });
    const second = open('a', 20_000);
    const third = open('a', 21_000);
    second.end(true, 21_000);
    expect(watch.counts).toMatchObject({ reconnects: 2, takeovers: 1, silences: 1, willsDue: 2, clients: 1 });
    third.pass('upstream', disconnect, 22_000);
    third.end(true, 22_000);
    open('b', 0).end(false, 60_000);
    expect(watch.counts).toMatchObject({ silences: 1, takeovers: 1, willsDue: 3, clients: 2 });
  });

  it('is nothing of what is no MQTT', () => {
    const watch = new MqttWatch();
    const connection = watch.open();
    connection.pass('upstream', 'GET / HTTP/1.1\r\n\r\n', 0);
    connection.pass('upstream', connect('a', 10), 0);
    connection.end(true, 0);
    expect(watch.counts.connections).toBe(0);
  });
});

describe.skipIf(!HAS_MOSQUITTO)('an MQTT device and mosquitto through the proxy (MOSQUITTO)', { timeout: 30_000 }, () => {
  it('keepalive, silence, last will and takeover stand in the summary', async () => {
    const port = await freePort();
    await startMosquitto(port);
    const { proxy, dial } = await startRig({}, { upstream: { host: '127.0.0.1', port } });
    const listener = dial();
    listener.send(connect('listener', 60));
    await listener.when(({ received }) => received.includes(CONNACK));
    listener.send(MQTT_PACKETS.subscribe('device/gone'));

    const device = dial();
    device.send(connect('device', 1, 'device/gone'));
    await device.when(({ received }) => received.includes(CONNACK));
    device.send(pingreq);
    await device.when(({ received }) => received.includes(PINGRESP));
    // Its link dies without a word: the broker finds it by the silence, and publishes its will.
    proxy.kernel.enter(() => proxy.link(1).setCut('blackhole', true));
    await listener.when(({ received }) => received.includes('device/gone'));
    proxy.kernel.enter(() => proxy.link(1).setCut('blackhole', false));
    device.socket.destroy();

    // It is back, and a second one of the same name takes its place.
    const again = dial();
    again.send(connect('device', 60, 'device/gone'));
    await again.when(({ received }) => received.includes(CONNACK));
    const other = dial();
    other.send(connect('device', 60));
    await other.when(({ received }) => received.includes(CONNACK));
    await again.when(({ closed, ended }) => closed || ended);
    other.send(disconnect);
    await other.when(({ closed, ended }) => closed || ended);
    await pass(50);

    const { mqtt } = proxy.counts;
    expect(mqtt).toMatchObject({ connections: 4, clients: 2, reconnects: 2, takeovers: 1, pings: 1, pongs: 1, silences: 1, willsDue: 2 });
    expect(mqtt?.longestSilenceMs).toBeGreaterThanOrEqual(1_500);
    expect(mqtt?.longestSilenceMs).toBeLessThan(8_000);
    expect(describeCounts(proxy.counts)).toMatch(
      /MQTT: 4 connections of 2 clients, keepalive 1s to 1m; 2 reconnects, 1 takeover; 1 ping, 1 answered\n1 client ended by the broker after a silence of 1\.5 keepalives \(the longest [\d.]+ s\); 2 last wills due\n$/,
    );
  });
});
