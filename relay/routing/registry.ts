/**
 * Who is connected: at most one open session per id. The only owner of that fact; a session that has ended is
 * not in here.
 */
import type { Session } from '../session/session.ts';

export class Registry {
  private readonly byId = new Map<string, Session>();

  get size(): number {
    return this.byId.size;
  }

  get(id: string): Session | undefined {
    return this.byId.get(id);
  }

  /** All sessions in the order they were opened. May be changed while it is walked. */
  all(): Iterable<Session> {
    return this.byId.values();
  }

  add(session: Session): void {
    if (this.byId.has(session.id)) throw new Error(`id ${session.id} is taken`);
    this.byId.set(session.id, session);
  }

  remove(session: Session): void {
    this.byId.delete(session.id);
  }
}
