/**
 * The table of situations on the fake HAL, and on the Node backend against real servers with a clock that
 * runs faster. sim/board plays it on virtual boards.
 */
import type { Clock, Hal } from 'hal';
import { createNodeBoard } from 'hal/node';
import { openSilentServer } from 'hal/testing/silent-server';
import { describe, expect, it, type TestContext } from 'vitest';
import { FakeHal } from '../testing/fake-hal.ts';
import { openSituationServer } from '../testing/situation-server.ts';
import {
  ENDING_AFTER_MS,
  firstAttempt,
  readRequest,
  SITUATION_CONFIG,
  SITUATION_MAX_MS,
  SITUATIONS,
  type Situation,
  stateLine,
} from '../testing/situations.ts';
import { createChannel } from './channel.ts';

describe('on the fake HAL', () => {
  it.for(SITUATIONS)('$name', (situation) => {
    const hal = new FakeHal();
    createChannel(hal, { ...SITUATION_CONFIG, redirects: situation.redirects ?? 0 });
    hal.clock.advance(100);
    if (situation.syn === 'refused') hal.socket().fail('refused');
    if (situation.syn === 'answered') serve(hal, situation);
    hal.clock.advance(SITUATION_MAX_MS);
    const lines = hal.log.named('channel.state').map(({ subject, detail, value }) => stateLine(subject, detail, value));
    expect(firstAttempt(lines)).toEqual(situation.log);
  });
});

/** Each connection up to the one after which no other follows at once. */
function serve(hal: FakeHal, situation: Situation): void {
  const socket = hal.socket();
  socket.handlers.onConnect();
  const { accept, path } = readRequest(socket.writes.join(''));
  const answer = situation.answer(accept, path);
  if (answer !== '') socket.receive(answer);
  if (hal.socket() !== socket) {
    serve(hal, situation);
    return;
  }
  hal.clock.advance(ENDING_AFTER_MS);
  if (situation.ending === 'fin') socket.fin();
  if (situation.ending === 'reset') socket.fail('reset');
}

/**
 * Firmware's seconds on this computer: a handshake is given up after one second instead of ten. Loopback and
 * a busy machine stay far below.
 */
const TIME_LAPSE = 10;

function faster(clock: Clock): Clock {
  return {
    now: () => clock.now() * TIME_LAPSE,
    setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs / TIME_LAPSE),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  };
}

async function listen(situation: Situation, { onTestFinished }: TestContext): Promise<number> {
  const server = await openSituationServer(situation, TIME_LAPSE);
  onTestFinished(() => server.close());
  return server.port;
}

async function swallow({ onTestFinished }: TestContext): Promise<number> {
  const silent = await openSilentServer();
  onTestFinished(() => silent.close());
  return silent.port;
}

describe('on the Node backend', () => {
  it.concurrent.for(SITUATIONS)('$name', async (situation, context) => {
    const port = situation.syn === 'swallowed' ? await swallow(context) : await listen(situation, context);
    const lines: string[] = [];
    await new Promise<void>((resolve) => {
      const log: Hal['log'] = {
        line() {},
        event(name, subject, detail, value) {
          if (name !== 'channel.state') return;
          if (subject === 'tcp' && lines.includes('tcp')) resolve();
          else lines.push(stateLine(subject, detail, value));
        },
      };
      const board = createNodeBoard({ files: {}, log });
      context.onTestFinished(() => board.switchOff());
      createChannel(
        { ...board.hal, clock: faster(board.hal.clock) },
        {
          ...SITUATION_CONFIG,
          server: `ws://127.0.0.1:${port}/`,
          redirects: situation.redirects ?? 0,
        },
      );
    });
    expect(lines).toEqual(situation.log);
  });
});
