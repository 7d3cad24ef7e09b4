/**
 * The table of situations on virtual boards: the same log of state changes as on a computer
 * (firmware/channel/situations.test.ts).
 */
import { createChannel } from 'firmware/channel';
import {
  ENDING_AFTER_MS,
  firstAttempt,
  readRequest,
  SITUATION_CONFIG,
  SITUATION_MAX_MS,
  SITUATIONS,
  type Situation,
  stateLine,
} from 'firmware/testing/situations';
import { describe, expect, it } from 'vitest';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import { type DeviceProfile, PROFILES } from './profiles/index.ts';
import { BoardLab, PASSWORD, SERVER_HOST, SSID } from './testing/board-lab.ts';

class ScriptedServer implements TcpHandlers {
  private readonly lab: BoardLab;
  private readonly endpoint: TcpEndpoint;
  private readonly situation: Situation;
  private head = '';

  constructor(lab: BoardLab, endpoint: TcpEndpoint, situation: Situation) {
    this.lab = lab;
    this.endpoint = endpoint;
    this.situation = situation;
  }

  onConnect(): void {}

  onReadable(): void {
    const isAnswered = this.head.endsWith('\r\n\r\n');
    const bytes = this.endpoint.read(Number.POSITIVE_INFINITY);
    if (isAnswered) return;
    this.head += bytes;
    if (this.head.endsWith('\r\n\r\n')) this.answer();
  }

  onDrain(): void {}

  onClose(): void {}

  private answer(): void {
    const { kernel } = this.lab;
    const { accept, path } = readRequest(this.head);
    const bytes = this.situation.answer(accept, path);
    if (bytes !== '') this.endpoint.write(bytes);
    kernel.schedule(kernel.nowUs + ENDING_AFTER_MS * 1000, { onEvent: () => this.endIt() }, null);
  }

  private endIt(): void {
    if (this.situation.ending === 'fin') this.endpoint.end();
    if (this.situation.ending === 'reset') this.endpoint.abort();
  }
}

async function play(situation: Situation, profile: DeviceProfile): Promise<string[]> {
  const { redirects = 0 } = situation;
  const wifi = { ...SITUATION_CONFIG.wifi, SSID, password: PASSWORD };
  const config = { ...SITUATION_CONFIG, server: `ws://${SERVER_HOST}:8000/`, wifi, redirects };
  const lab = new BoardLab({ profile, app: createChannel, files: { 'config.json': JSON.stringify(config) } });
  lab.accept = (endpoint) => new ScriptedServer(lab, endpoint, situation);
  const routes = { answered: lab.server, refused: lab.closedServer, swallowed: null };
  lab.route = () => routes[situation.syn];
  await lab.boot();
  await lab.run(SITUATION_MAX_MS);
  return firstAttempt(lab.eventsNamed('channel.state').map(({ subject, detail, value }) => stateLine(subject, detail, value)));
}

describe.for(Object.values(PROFILES))('on a virtual board, profile $name', (profile) => {
  it.for(SITUATIONS)('$name', async (situation) => {
    expect(await play(situation, profile)).toEqual(situation.log);
  });
});
