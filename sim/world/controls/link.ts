/** One board's link from outside: the weather on it. */
import type { Board } from '../../board/board.ts';
import type { CutReason, Emit } from '../../kernel/events.ts';
import type { Link } from '../../net/link/link.ts';
import type { LinkSettings } from '../../net/link/settings.ts';
import { Packet, type Way } from '../../net/wire/packet.ts';

export interface LinkControl {
  /** As they are now. */
  readonly settings: LinkSettings;
  /** On both ways. */
  readonly blackhole: boolean;
  /** Changes some settings. @returns what they were */
  change(settings: Partial<LinkSettings>): Partial<LinkSettings>;
  /**
   * Packets vanish, without FIN or RST; TCP is not told. @param way left out: both; each way by itself is
   * another hole
   */
  setBlackhole(on: boolean, way?: Way): void;
  /** RST reaches both ends of each of the board's connections, as far as the link lets it. */
  resetConnections(): void;
}

export class WorldLink implements LinkControl {
  private readonly link: Link;
  private readonly board: Board;
  private readonly index: number;
  private readonly emit: Emit;

  constructor(link: Link, board: Board, index: number, emit: Emit) {
    this.link = link;
    this.board = board;
    this.index = index;
    this.emit = emit;
  }

  get settings(): LinkSettings {
    return this.link.settings;
  }

  get blackhole(): boolean {
    return this.link.isCut('blackhole');
  }

  change(settings: Partial<LinkSettings>): Partial<LinkSettings> {
    const before = this.link.change(settings);
    this.heedSignal();
    return before;
  }

  setBlackhole(on: boolean, way?: Way): void {
    this.setCut(blackholeOf(way), on);
  }

  /** Cuts the link or heals it. */
  setCut(reason: CutReason, on: boolean): void {
    if (this.link.isCut(reason) === on) return;
    this.link.setCut(reason, on);
    this.emit(on ? 'link.down' : 'link.up', this.index, 0, '', reason, 0);
  }

  /** The board's station hears its access point at the level that this has for it, else at the link's own. */
  heedSignal(): void {
    const { link, board } = this;
    link.setSignal(board.levelDbm);
    board.setLinkLevel(link.settings.rssiDbm);
  }

  resetConnections(): void {
    for (const flow of this.board.flows) {
      this.link.sendUp(Packet.reset(flow));
      this.link.sendDown(Packet.reset(flow));
    }
  }
}

/** As a reason why a link is cut. */
export function blackholeOf(way?: Way): CutReason {
  return way === undefined ? 'blackhole' : `blackhole_${way}`;
}
