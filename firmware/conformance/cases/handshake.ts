/**
 * Responses to the opening request (RFC 6455 section 4.1, RFC 9112): such as a client must accept, in every
 * spelling that means the same, and every defect. Whether a client took one shows in whether it sends a
 * message back that follows; a client that refuses says nothing and ends TCP.
 */
import { judgeReplies, verdict } from '../exchange.ts';
import { frame, TEXT } from '../frames.ts';
import { eachByte } from '../payload.ts';
import { DEFECTS, LEFT_OPEN, type Respond, SOUND } from '../responses.ts';
import type { ProtocolCase, Rig, Verdict } from '../rig.ts';
import { describeReply, Server } from '../server.ts';

const HELLO = frame(TEXT, 'hello');
const HELLO_BACK = { opcode: TEXT, payload: 'hello' };

type Delivery = (server: Server, response: string) => void;

/** How a response reaches the client. */
const DELIVERIES: readonly [suffix: string, deliver: Delivery][] = [
  ['', (server, response) => write(server, response, HELLO)],
  [', byte by byte', (server, response) => write(server, ...eachByte(response), HELLO)],
  [', with a message in the same segment', (server, response) => write(server, response + HELLO)],
];

function write({ wire }: Server, ...pieces: string[]): void {
  for (const piece of pieces) if (piece !== '') wire.write(piece);
}

async function answer(rig: Rig, respond: Respond, deliver: Delivery): Promise<Server> {
  const server = await Server.meet(rig);
  deliver(server, respond(server.accept));
  await server.wire.settle();
  return server;
}

async function judgeOpened(server: Server): Promise<string> {
  if (!server.hasAnswered() && server.wire.ended) throw new Error('client refuses the response');
  const fault = judgeReplies([HELLO_BACK], server.answers().replies);
  await server.close();
  return fault;
}

/** The client must not speak on a connection that it does not take for a WebSocket, and has no use for it. */
async function judgeRefused(server: Server): Promise<string> {
  if (server.hasAnswered()) {
    const { replies } = server.answers();
    throw new Error(`client opens, and answers ${replies.map(describeReply).join(', ') || 'with a close frame'}`);
  }
  const atOnce = server.wire.ended;
  if (!(await server.clientEnds())) throw new Error('client neither opens nor ends TCP');
  return atOnce ? '' : 'keeps TCP for a while after a response that it cannot use';
}

const sound = SOUND.flatMap(([name, respond]) =>
  DELIVERIES.map(
    ([suffix, deliver]): ProtocolCase => ({
      name: `handshake: ${name}${suffix}`,
      run: async (rig): Promise<Verdict> => verdict(await judgeOpened(await answer(rig, respond, deliver))),
    }),
  ),
);

const defects = DEFECTS.flatMap(({ name, respond, tolerated }) =>
  [DELIVERIES[0], DELIVERIES[2]].map(
    ([suffix, deliver]): ProtocolCase => ({
      name: `handshake defect: ${name}${suffix}`,
      run: async (rig): Promise<Verdict> => {
        const server = await answer(rig, respond, deliver);
        if (tolerated === undefined || !server.hasAnswered()) return verdict(await judgeRefused(server));
        await judgeOpened(server);
        return { loose: tolerated };
      },
    }),
  ),
);

const leftOpen = LEFT_OPEN.map(
  ([name, respond]): ProtocolCase => ({
    name: `handshake, either way: ${name}`,
    run: async (rig): Promise<Verdict> => {
      const server = await answer(rig, respond, DELIVERIES[0][1]);
      return verdict(await (server.hasAnswered() ? judgeOpened(server) : judgeRefused(server)));
    },
  }),
);

/** Every wait has an end: what the server owes never comes. */
const silences: readonly [name: string, respond: Respond][] = [
  ['nothing at all', () => ''],
  ['half a status line', () => 'HTTP/1.1 10'],
  ['a head that never ends', () => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n'],
];

const waits = silences.map(
  ([name, respond]): ProtocolCase => ({
    name: `handshake: a server that sends ${name} is left after a while`,
    run: async (rig): Promise<Verdict> => {
      const server = await answer(rig, respond, (to, response) => write(to, response));
      if (!(await server.clientEnds())) throw new Error('client waits for the response without limit');
      return verdict(server.hasAnswered() ? 'speaks before the response is there' : '');
    },
  }),
);

const fin: ProtocolCase = {
  name: 'handshake: a server that ends TCP instead of answering',
  run: async (rig): Promise<Verdict> => {
    const server = await Server.meet(rig);
    await server.endTcp();
    return verdict(server.hasAnswered() ? 'speaks before the response is there' : '');
  },
};

export const HANDSHAKE_CASES: readonly ProtocolCase[] = [...sound, ...defects, ...leftOpen, ...waits, fin];
