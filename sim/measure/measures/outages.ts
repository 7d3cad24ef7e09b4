/**
 * The times in which something was broken, for shading: from the first board whose link goes down for a
 * reason to the last that is up again, and while the relay is down.
 */
import { msFromUs } from '../../kernel/units.ts';
import type { Outage } from '../result.ts';
import { measure } from './measure.ts';

/** More bands than this are one grey area anyway; from then on the last one grows and its label says so. */
export const MAX_OUTAGES = 200;
const MORE = ', and more';

interface Running {
  fromUs: number;
  label: string;
  /** Boards that are down now, and all that were. */
  down: Set<number>;
  touched: Set<number>;
}

export class Outages {
  private readonly ended: Outage[] = [];
  private readonly running = new Map<string, Running>();

  linkDown(board: number, reason: string, atUs: number): void {
    const outage = this.begin(`link ${reason}`, reason || 'link down', atUs);
    outage.down.add(board);
    outage.touched.add(board);
  }

  linkUp(board: number, reason: string, atUs: number): void {
    const key = `link ${reason}`;
    const outage = this.running.get(key);
    if (outage?.down.delete(board) && outage.down.size === 0) this.end(key, outage, atUs, outage.touched.size);
  }

  relayDown(reason: string, atUs: number): void {
    this.begin('relay', reason ? `relay ${reason}` : 'relay down', atUs);
  }

  relayUp(atUs: number, boards: number): void {
    const outage = this.running.get('relay');
    if (outage) this.end('relay', outage, atUs, boards);
  }

  /** By start; outages that are not over end with the run. */
  list(endUs: number, boards: number): Outage[] {
    for (const [key, outage] of this.running) this.end(key, outage, endUs, key === 'relay' ? boards : outage.touched.size);
    return [...this.ended].sort((a, b) => a.fromMs - b.fromMs);
  }

  private begin(key: string, label: string, atUs: number): Running {
    const known = this.running.get(key);
    if (known) return known;
    const outage = { fromUs: atUs, label, down: new Set<number>(), touched: new Set<number>() };
    this.running.set(key, outage);
    return outage;
  }

  private end(key: string, outage: Running, atUs: number, boards: number): void {
    this.running.delete(key);
    const fromMs = msFromUs(outage.fromUs);
    const toMs = msFromUs(atUs);
    if (this.ended.length < MAX_OUTAGES) {
      this.ended.push({ fromMs, toMs, label: outage.label, boards });
      return;
    }
    const last = this.ended[this.ended.length - 1];
    last.toMs = Math.max(last.toMs, toMs);
    last.boards = Math.max(last.boards, boards);
    if (!last.label.endsWith(MORE)) last.label += MORE;
  }
}

export const outages = measure({
  metrics: {},
  create({ settings: { boards } }) {
    const all = new Outages();
    return {
      handlers: {
        'link.down': ({ board, detail: reason, atUs }) => all.linkDown(board, reason, atUs),
        'link.up': ({ board, detail: reason, atUs }) => all.linkUp(board, reason, atUs),
        'relay.down': ({ detail: reason, atUs }) => all.relayDown(reason, atUs),
        'relay.up': ({ atUs }) => all.relayUp(atUs, boards),
      },
      finish: (endUs) => ({ outages: all.list(endUs, boards) }),
    };
  },
});
