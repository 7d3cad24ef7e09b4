/**
 * The libraries and servers whose defaults the kit knows, by the names that their users have for them. Apart
 * from what each is set to (clients/, servers/), which is loaded when one is named.
 */
import { meant } from 'host/nearest';

export const CLIENTS = [
  'esp_websocket_client',
  'esp-mqtt',
  'arduinoWebSockets',
  'ArduinoWebsockets',
  'PubSubClient',
  'AsyncMqttClient',
  'ESPHome',
  'Tasmota',
  'MicroPython',
  'Espruino',
  'Socket.IO',
  'SignalR',
  'Phoenix',
  'graphql-ws',
  'websockets',
  'MQTT.js',
  'paho',
  'aws-crt-mqtt5',
  'Home-Assistant',
  'reconnecting-websocket',
  'ReconnectingWebSocket',
  'browser',
] as const;

export const SERVERS = [
  'websockets',
  'uvicorn',
  'ws',
  'ws-recipe',
  'Socket.IO',
  'SignalR',
  'Phoenix',
  'graphql-ws',
  'gorilla-chat',
  'uWebSockets',
  'Home-Assistant',
  'nginx',
  'HAProxy',
  'mosquitto',
  'EMQX',
  'AWS-IoT',
] as const;

export type ClientName = (typeof CLIENTS)[number];
export type ServerName = (typeof SERVERS)[number];

/** A name as it is, whatever its case; else the nearest one. Null: none is near. */
export function presetMeant(typed: string, names: readonly string[]): string | null {
  return names.find((name) => name.toLowerCase() === typed.trim().toLowerCase()) ?? meant(typed, names);
}
