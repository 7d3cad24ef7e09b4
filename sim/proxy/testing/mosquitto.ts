/** mosquitto on loopback, as Debian has it: anybody may come, nothing is kept. */
import { existsSync } from 'node:fs';
import { startListening } from 'relay/testing/listening-program';

const MOSQUITTO = process.env.MOSQUITTO ?? '/usr/sbin/mosquitto';

export const HAS_MOSQUITTO = existsSync(MOSQUITTO);

/** Until the test is over. */
export function startMosquitto(port: number): Promise<void> {
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', ''];
  return startListening(MOSQUITTO, (folder) => ['-c', `${folder}/mosquitto.conf`], { 'mosquitto.conf': lines.join('\n') }, port);
}

/** As devices send them (MQTT 3.1.1), a character each byte. */
export const MQTT_PACKETS = {
  connect: (id: string, keepaliveS: number, will: string | null = null) => {
    const flags = will === null ? 0x02 : 0x06;
    const payload = text(id) + (will === null ? '' : text(will) + text('gone'));
    return packet(0x10, `${text('MQTT')}\x04${String.fromCharCode(flags)}${word(keepaliveS)}${payload}`);
  },
  subscribe: (topic: string) => packet(0x82, `${word(1)}${text(topic)}\0`),
  publish: (topic: string, message: string) => packet(0x30, text(topic) + message),
  pingreq: '\xc0\0',
  disconnect: '\xe0\0',
};

function word(value: number): string {
  return String.fromCharCode(value >> 8, value & 0xff);
}

function text(value: string): string {
  return word(value.length) + value;
}

/** Up to 16,383 bytes. */
function packet(head: number, body: string): string {
  const { length } = body;
  const size = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  return String.fromCharCode(head, ...size) + body;
}
