/** MQTT.js and mosquitto, with a keepalive of 4 s. */
import mqtt from 'mqtt';
import { type LiveLibrary, spread } from './library.ts';
import { startProgram } from './program.ts';

const MOSQUITTO = process.env.MOSQUITTO ?? '/usr/sbin/mosquitto';
const KEEPALIVE_S = 4;

export const MQTT_JS: LiveLibrary = {
  name: 'MQTT.js 5.16.0, mosquitto',
  client: 'MQTT.js',
  server: 'mosquitto',
  keepalive: { boards: { board_ping_interval: `${KEEPALIVE_S}s` }, relay: {} },
  lateMs: 7_000,
  clientLateMs: 0,
  differs: ['mosquitto 2.0 looks each 6 s: up to 6 s later than 1.5 keepalives'],
  missing: () => startProgram.missing(MOSQUITTO),
  serve: (port) =>
    startProgram(
      MOSQUITTO,
      (folder) => ['-c', `${folder}/mosquitto.conf`],
      { 'mosquitto.conf': `listener ${port} 127.0.0.1\nallow_anonymous true\n` },
      port,
    ),
  connect: (count, port, spreadMs, tell) =>
    spread(count, spreadMs, (client) => {
      const one = mqtt.connect({ host: '127.0.0.1', port, protocol: 'mqtt', keepalive: KEEPALIVE_S, clientId: `client-${client}` });
      one.on('connect', () => tell(client, 'open'));
      one.on('close', () => tell(client, 'lost'));
      one.on('error', () => {});
      return { close: () => void one.end(true) };
    }),
};
