/** All clients by name. A new one is a file here, a line below, and its name in ../names.ts. */
import type { ClientName } from '../names.ts';
import type { ClientPreset } from '../preset.ts';
import { ARDUINO_WEBSOCKETS_GILMAIMON } from './arduino-websockets-gilmaimon.ts';
import { ARDUINO_WEBSOCKETS_LINKS2004 } from './arduino-websockets-links2004.ts';
import { ASYNC_MQTT_CLIENT } from './async-mqtt-client.ts';
import { AWS_CRT_MQTT5 } from './aws-crt-mqtt5.ts';
import { BROWSER } from './browser.ts';
import { ESP_MQTT } from './esp-mqtt.ts';
import { ESP_WEBSOCKET_CLIENT } from './esp-websocket-client.ts';
import { ESPHOME } from './esphome.ts';
import { ESPRUINO } from './espruino.ts';
import { GRAPHQL_WS_CLIENT } from './graphql-ws.ts';
import { HOME_ASSISTANT_CLIENT } from './home-assistant.ts';
import { MICROPYTHON } from './micropython.ts';
import { MQTT_JS } from './mqtt-js.ts';
import { PAHO } from './paho.ts';
import { PHOENIX_CLIENT } from './phoenix.ts';
import { PUBSUBCLIENT } from './pubsubclient.ts';
import { RECONNECTING_WEBSOCKET_LADARIA } from './reconnecting-websocket.ts';
import { RECONNECTING_WEBSOCKET_WALNES } from './reconnecting-websocket-joewalnes.ts';
import { SIGNALR_CLIENT } from './signalr.ts';
import { SOCKET_IO_CLIENT } from './socket-io.ts';
import { TASMOTA } from './tasmota.ts';
import { WEBSOCKETS_CLIENT } from './websockets.ts';

export const CLIENT_PRESETS: Record<ClientName, ClientPreset> = {
  esp_websocket_client: ESP_WEBSOCKET_CLIENT,
  'esp-mqtt': ESP_MQTT,
  arduinoWebSockets: ARDUINO_WEBSOCKETS_LINKS2004,
  ArduinoWebsockets: ARDUINO_WEBSOCKETS_GILMAIMON,
  PubSubClient: PUBSUBCLIENT,
  AsyncMqttClient: ASYNC_MQTT_CLIENT,
  ESPHome: ESPHOME,
  Tasmota: TASMOTA,
  MicroPython: MICROPYTHON,
  Espruino: ESPRUINO,
  'Socket.IO': SOCKET_IO_CLIENT,
  SignalR: SIGNALR_CLIENT,
  Phoenix: PHOENIX_CLIENT,
  'graphql-ws': GRAPHQL_WS_CLIENT,
  websockets: WEBSOCKETS_CLIENT,
  'MQTT.js': MQTT_JS,
  paho: PAHO,
  'aws-crt-mqtt5': AWS_CRT_MQTT5,
  'Home-Assistant': HOME_ASSISTANT_CLIENT,
  'reconnecting-websocket': RECONNECTING_WEBSOCKET_LADARIA,
  ReconnectingWebSocket: RECONNECTING_WEBSOCKET_WALNES,
  browser: BROWSER,
};
