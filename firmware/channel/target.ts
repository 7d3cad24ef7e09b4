/** From the config to what the WebSocket client is told: where to connect, and what to ask for there. */
import type { Crypto } from 'hal';
import type { DeviceConfig } from '../config.ts';
import { splitServerUrl } from '../server-url.ts';
import type { WebSocketTarget } from '../websocket/client.ts';
import { basicAuthorization } from './basic-authorization.ts';

/**
 * @throws Error when `config.server`, which `parseConfig` would have refused, is no relay's URL; the message
 *   does not show it
 */
export function targetOf(config: DeviceConfig, crypto: Crypto): WebSocketTarget {
  const url = splitServerUrl(config.server);
  if (url === null) throw new Error('server: not a ws:// or wss:// URL');
  const { secure, userInfo, host, port, path, query } = url;
  const id = encodeURIComponent(config.client_id);
  const slash = id === '' || path.charAt(path.length - 1) === '/' ? '' : '/';
  let headerLines = userInfo === '' ? '' : basicAuthorization(userInfo, crypto);
  for (const name in config.headers) headerLines += `${name}: ${config.headers[name]}\r\n`;
  return {
    secure,
    host,
    port,
    path: path + slash + id + query,
    askedProtocol: config.subprotocol,
    headerLines,
    readDelayMs: config.socket_delay_ms,
  };
}
