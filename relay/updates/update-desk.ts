/**
 * What a relay and its clients say to each other about firmware, whether it offers any or not: so nobody else
 * can offer it.
 */
import type { RelayLog } from '../log.ts';
import { BINARY, encodeFrame, TEXT } from '../session/frame.ts';
import type { Session } from '../session/session.ts';
import type { UpdateShelf } from './update-shelf.ts';

export class UpdateDesk {
  private readonly shelf: UpdateShelf;
  private readonly log: RelayLog;

  constructor(shelf: UpdateShelf, log: RelayLog) {
    this.shelf = shelf;
    this.log = log;
  }

  /** Offers a client what there is for it. */
  offerTo(session: Session | undefined): void {
    const offer = session === undefined ? null : this.shelf.textFor(session.id);
    if (session === undefined || offer === null) return;
    const body = Buffer.from(offer);
    session.deliver(encodeFrame(TEXT, body), body.length, 'reply');
  }

  /** @returns whether the message was about firmware, and is for nobody else */
  answer(session: Session, payload: Buffer, binary: boolean): boolean {
    const answer = this.shelf.answer(payload, binary);
    if (answer === null) return false;
    const { data, milestone, sha1 } = answer;
    if (data !== null) session.deliver(encodeFrame(BINARY, data), data.length, 'reply');
    if (milestone !== '') this.log.info({ id: session.id, session: session.number, update: sha1 }, `update ${milestone}`);
    return true;
  }
}
