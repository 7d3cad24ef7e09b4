/**
 * The firmware's WebSocket client as the suite wants it: sends every message back as it came, and connects
 * once. `onEnd` comes when the WebSocket has ended; TCP may still wait for the server.
 *
 * Keeps nothing while the socket is busy: what the server's script can make it write is bounded by the
 * script. Runs on any HAL.
 */
import type { Hal } from 'hal';
import { WebSocketClient, type WebSocketHandlers } from '../websocket/client.ts';

export class EchoClient implements WebSocketHandlers {
  private readonly client: WebSocketClient;
  private readonly onEnd: () => void;

  constructor(hal: Hal, host: string, port: number, onEnd: () => void) {
    this.onEnd = onEnd;
    const target = { secure: false, host, port, path: '/conformance', askedProtocol: '', headerLines: '', readDelayMs: 0 };
    this.client = new WebSocketClient(hal, target, null, this);
  }

  webSocketOnMessage(payload: string, binary: boolean): void {
    this.client.send(payload, binary);
  }

  webSocketOnTcp(): void {}
  webSocketOnOpen(): void {}
  webSocketOnPong(): void {}
  webSocketOnDrain(): void {}
  webSocketOnEnd(): void {
    this.onEnd();
  }
}
