/** From what a WebSocket ended with to the kit's causes, which metrics and reports count (../events.ts). */
import type { NetErrorKind } from 'hal';
import type { ChannelCause } from '../events.ts';
import type { WebSocketEnd } from '../websocket/client.ts';

/** How a relay's keepalive closes: code and reason, as Python `websockets` and uvicorn do. */
const PING_TIMEOUT_CODE = 1011;
const PING_TIMEOUT_REASON = /ping timeout/;

/**
 * How a server says that the client's id is taken. The kit's relay begins with `duplicate_id`; a bare 403 is
 * what many servers answer to everything.
 */
const TAKEN = ['duplicate', 'already connected', 'already in use'];

/** @param text of an HTTP answer to the opening handshake */
export function saysTaken(text: string): boolean {
  const words = text.toLowerCase();
  for (let i = 0; i < TAKEN.length; i++) if (words.indexOf(TAKEN[i]) >= 0) return true;
  return false;
}

function causeOfNet(error: NetErrorKind | ''): ChannelCause {
  switch (error) {
    case 'refused':
      return 'refused';
    case 'timeout':
      return 'timeout';
    case 'aborted':
      return 'wifi_lost';
    case 'tls':
      return 'tls';
    case 'unreachable':
    case 'dns':
    case 'sockets':
      return 'unreachable';
    default:
      return 'reset';
  }
}

function causeOfClose(code: number, reason: string): ChannelCause {
  if (code === PING_TIMEOUT_CODE && PING_TIMEOUT_REASON.test(reason)) return 'ping_timeout';
  // The server says that it was us who broke the protocol.
  return code === 1002 || code === 1007 ? 'protocol_error' : 'peer_closed';
}

/** @param wasOpen whether the WebSocket got as far as open */
export function causeOf(end: WebSocketEnd, wasOpen: boolean): ChannelCause {
  switch (end.kind) {
    case 'close':
      return causeOfClose(end.code, end.text);
    case 'fin':
      return 'peer_closed';
    case 'http':
      return saysTaken(end.text) ? 'refused_duplicate' : 'refused';
    case 'protocol':
      return 'protocol_error';
    case 'timeout':
      return 'timeout';
    case 'net':
      // Once open, TCP giving up on unacknowledged data is a reset like any other.
      return wasOpen && end.error === 'timeout' ? 'reset' : causeOfNet(end.error);
  }
}
