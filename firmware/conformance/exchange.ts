/**
 * Most cases: on an open WebSocket the server writes some bytes, and the client has to answer with certain
 * frames, and then either to be as well as before or to fail the connection (RFC 6455 section 7.1.7).
 *
 * Judged as wrong: an answer too many or too few, a message changed, a connection that goes on after what
 * must end it, or ends after what is allowed, any byte after the client's own close frame, a TCP connection
 * that is never ended. Judged as loose is what the RFC leaves open or only recommends.
 */
import { closeFrame, frame, PING, PONG, TEXT } from './frames.ts';
import type { ProtocolCase, Rig, Verdict } from './rig.ts';
import { describeReply, type Reply, Server } from './server.ts';

interface Exchange {
  readonly name: string;
  /** Each in one piece. */
  readonly writes: readonly string[];
  readonly replies?: readonly Reply[];
  /**
   * The server broke the protocol: close codes that say so rightly. None: it did not, and the client is well
   * afterwards.
   */
  readonly failsWith?: readonly number[];
  /** A strict client has noticed after so many of the writes; all by default. */
  readonly noticedAfter?: number;
  /**
   * Why a client that lets the offence pass is no more than loose, and what it then answers. Without it such
   * a client is wrong.
   */
  readonly tolerated?: { readonly reason: string; readonly replies: readonly Reply[] };
}

/** Sent after an offence: a client that still answers goes on as if nothing had happened. */
const TOO_LATE = frame(TEXT, 'too late') + frame(PING, 'too late');

export function exchangeCase(exchange: Exchange): ProtocolCase {
  return { name: exchange.name, run: (rig) => (exchange.failsWith === undefined ? runSound(rig, exchange) : runOffence(rig, exchange)) };
}

export const echoOf = (opcode: number, payload: string): Reply => ({ opcode, payload });
export const pongOf = (payload: string): Reply => ({ opcode: PONG, payload });

async function runSound(rig: Rig, { writes, replies = [] }: Exchange): Promise<Verdict> {
  const server = await Server.open(rig);
  for (const bytes of writes) server.wire.write(bytes);
  await server.wire.settle();
  const fault = judgeReplies(replies, server.answers().replies);
  await server.close();
  return verdict(fault);
}

async function runOffence(rig: Rig, exchange: Exchange): Promise<Verdict> {
  const { writes, replies = [], failsWith = [], noticedAfter = writes.length, tolerated } = exchange;
  const server = await Server.open(rig);
  for (const bytes of writes.slice(0, noticedAfter)) server.wire.write(bytes);
  await server.wire.settle();
  const inTime = server.hasClosed();
  for (const bytes of writes.slice(noticedAfter)) server.wire.write(bytes);
  await server.wire.settle();
  if (tolerated !== undefined && !server.hasClosed()) {
    judgeReplies(tolerated.replies, server.answers().replies);
    await server.close();
    return { loose: tolerated.reason };
  }
  server.wire.write(TOO_LATE);
  await server.wire.settle();
  if (!server.hasClosed()) throw new Error('client goes on as if nothing were wrong');
  const fault = judgeReplies(replies, server.answers().replies);
  const codeFault = await judgeClosing(server, failsWith);
  return verdict(fault, codeFault, inTime ? '' : 'notices only when more has come');
}

/** The client's close frame, and the end of TCP. */
async function judgeClosing(server: Server, rightCodes: readonly number[]): Promise<string> {
  const { close } = server.answers();
  if (close === null) {
    await server.endTcp();
    return 'drops TCP without a close frame';
  }
  const code = close.payload.length < 2 ? 1005 : close.payload.charCodeAt(0) * 256 + close.payload.charCodeAt(1);
  if (close.payload.length === 1 || !(close.payload === '' || isLegalCode(code)))
    throw new Error(`client closes with the illegal code ${code}`);
  if (!server.wire.ended) server.wire.write(closeFrame(code === 1005 ? 1000 : code));
  await server.wire.settle();
  await server.endTcp();
  return rightCodes.includes(code) ? '' : `closes with ${code}, not ${rightCodes.join(' or ')}`;
}

/** Whether a code may travel in a close frame (section 7.4; 1012 to 1014 are IANA's additions). */
function isLegalCode(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

export function verdict(...faults: readonly string[]): Verdict {
  const loose = faults.find((fault) => fault !== '');
  return loose === undefined ? 'strict' : { loose };
}

/** '' when `got` is what is wanted, a reason when it is acceptable; throws when it is neither. */
export function judgeReplies(wanted: readonly Reply[], got: readonly Reply[]): string {
  if (isSame(wanted, got)) return '';
  const messages = (replies: readonly Reply[]) => replies.filter(({ opcode }) => opcode !== PONG);
  const pongs = (replies: readonly Reply[]) => replies.filter(({ opcode }) => opcode === PONG);
  if (isSame(messages(wanted), messages(got))) {
    if (isSame(pongs(wanted), pongs(got))) return 'answers pings later than the messages after them';
    // Section 5.5.3: of several pings only the most recent one needs an answer.
    const answered = pongs(got);
    if (answered.length > 0 && isSame(pongs(wanted).slice(-1), answered.slice(-1)) && isWithin(answered, pongs(wanted))) {
      return 'leaves pings unanswered that others follow';
    }
  }
  const list = (replies: readonly Reply[]) => `[${replies.slice(0, 4).map(describeReply).join(', ')}]`;
  throw new Error(`client answers ${got.length}: ${list(got)}, not ${wanted.length}: ${list(wanted)}`);
}

function isSame(a: readonly Reply[], b: readonly Reply[]): boolean {
  return a.length === b.length && a.every((reply, i) => isEqual(reply, b[i]));
}

function isEqual(a: Reply, b: Reply): boolean {
  return a.opcode === b.opcode && a.payload === b.payload;
}

/** Whether `part` is `whole` with some left out. */
function isWithin(part: readonly Reply[], whole: readonly Reply[]): boolean {
  let at = 0;
  for (const reply of whole) if (at < part.length && isEqual(reply, part[at])) at++;
  return at === part.length;
}
