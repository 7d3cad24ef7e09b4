/** The example apps on virtual boards, with another board as the one who talks to them. */
import { app as button } from 'firmware/apps/button';
import { app as echo } from 'firmware/apps/echo';
import type { FirmwareApp } from 'firmware/boot';
import { createChannel } from 'firmware/channel';
import { afterEach, expect, it } from 'vitest';
import { WatchedWorld } from '../testing/watched-world.ts';

type Message = readonly [data: string, binary: boolean];

const TALKER = 'board-1';
/** After everybody has booted and joined, and between two messages, ms. */
const FIRST_AT_MS = 15_000;
const PAUSE_MS = 1000;
const ACKNOWLEDGED: Message = ['Server got your message!', false];

let world: WatchedWorld | null = null;

afterEach(async () => {
  await world?.close();
  world = null;
});

/**
 * Board 1 says `messages`, one a second, while the other boards run `app`. Returns what board 1 heard from
 * then on.
 */
async function talk(app: FirmwareApp, messages: readonly Message[], boards = 2): Promise<Message[]> {
  const heard: Message[] = [];
  const talker: FirmwareApp = (hal, config) => {
    const channel = createChannel(hal, config);
    channel.onMessage((...message) => {
      if (hal.clock.now() >= FIRST_AT_MS) heard.push(message);
    });
    messages.forEach(([data, binary], i) => {
      hal.clock.setTimeout(() => channel.send(data, binary), FIRST_AT_MS + i * PAUSE_MS);
    });
  };
  world = new WatchedWorld({ boards: { count: boards, device: 'ideal' } }, (hal, config) =>
    config.client_id === TALKER ? talker(hal, config) : app(hal, config),
  );
  await world.run(FIRST_AT_MS + (messages.length + 3) * PAUSE_MS);
  return heard;
}

it('echo returns text as the relay passed it on, and binary as it was', async () => {
  const heard = await talk(echo, [
    ['hello', false],
    ['\x00\xff\x80', true],
  ]);
  expect(heard).toEqual([ACKNOWLEDGED, ['Mes from board-2: Mes from board-1: hello', false], ACKNOWLEDGED, ['\x00\xff\x80', true]]);
});

it('echo falls silent when its echo has arrived', async () => {
  await talk(echo, [['hello', false]]);
  expect(world?.named('message.sent', 1)).toHaveLength(1);
});

it('a command switches the pin of every board of the fleet, each reports, and no report is taken for a command', async () => {
  const heard = await talk(button, [['led on', false]], 4);
  expect(heard.map(([data]) => data).sort()).toEqual([
    'Mes from board-2: led is on',
    'Mes from board-3: led is on',
    'Mes from board-4: led is on',
    ACKNOWLEDGED[0],
  ]);
  // One command, three reports of it, and before that one of each button at its opening.
  expect(world?.named('message.sent')).toHaveLength(1 + 3 + 3);
});
