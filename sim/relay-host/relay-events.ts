/**
 * What the relay's observers hear, as events of the world; what they hear of clients that are no boards goes
 * to the tally of those.
 */
import type { RelayConsole } from 'relay/console/console';
import { type CloseCause, NULL_OBSERVER, type RelayObserver, type SessionInfo } from 'relay/observer';
import type { Emit, EventName } from '../kernel/events.ts';
import { isVirtual } from '../net/wire/duplex.ts';
import type { ExternalClients } from './external-clients.ts';

/** From one start of the relay's process to its end. */
export interface ProcessLife {
  readonly killed: boolean;
}

export function observerOf(emit: Emit, life: ProcessLife, external: ExternalClients): RelayObserver {
  const tell = (event: EventName, session: SessionInfo, subject: string, detail: string, value: number): void => {
    const { stream } = session;
    if (isVirtual(stream)) emit(event, stream.board, stream.connection, subject, detail, value);
    else noteExternal(external, event);
  };
  return {
    sessionOpened: (session) => tell('ws.open', session, '', '', 0),
    refused: (stream, _id, reason, status) => {
      if (isVirtual(stream)) emit('ws.refused', stream.board, stream.connection, '', reason, status);
    },
    messageReceived: (session, bytes, binary) => tell('relay.received', session, binary ? 'binary' : 'text', '', bytes),
    messageSent: (session, bytes, kind) => tell('relay.sent', session, kind, '', bytes),
    messageDropped: (session, bytes) => tell('relay.dropped', session, '', '', bytes),
    pingSent: (session, bytes) => tell('relay.ping', session, '', '', bytes),
    pongReceived: (session, rttMs, bytes) => tell('relay.pong', session, '', String(rttMs), bytes),
    pingAnswered: (session, bytes) => tell('relay.ping_answered', session, '', '', bytes),
    sessionClosed: (session, cause, code) => tell('ws.close', session, '', causeOf(cause, life), code),
  };
}

export function consoleObserver({ observer }: RelayConsole, life: ProcessLife): RelayObserver {
  return { ...observer, sessionClosed: (session, cause, code) => observer.sessionClosed(session, causeOf(cause, life), code) };
}

/** Gets what a board says to the relay; the payload is valid during the call only. */
export type HearMessage = (board: number, payload: Buffer, binary: boolean) => void;

export function hearingObserver(hear: HearMessage): RelayObserver {
  return {
    ...NULL_OBSERVER,
    payloadReceived({ stream }, payload, binary) {
      if (isVirtual(stream)) hear(stream.board, payload, binary);
    },
  };
}

/** A killed relay only sees its streams break; that it was killed is the cause. */
function causeOf(cause: CloseCause, { killed }: ProcessLife): CloseCause {
  return killed ? 'shutdown' : cause;
}

function noteExternal(external: ExternalClients, event: EventName): void {
  if (event === 'ws.open') external.opened();
  else if (event === 'ws.close') external.closed();
  else if (event === 'relay.received') external.tally.messages_received++;
  else if (event === 'relay.sent') external.tally.messages_sent++;
}
