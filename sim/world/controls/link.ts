/** One board's link from outside: the weather on it. */
import type { Board } from '../../board/board.ts';
import type { CutReason, Emit } from '../../kernel/events.ts';
import type { Link } from '../../net/link/link.ts';
import type { LinkSettings } from '../../net/link/settings.ts';
import type { Wan } from '../../net/wan/wan.ts';
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
  /** A captive portal stands in its way and answers so; 0: none does. */
  setPortal(status: number): void;
  /** The router forgets the connections that it carries: their packets vanish, both ways. */
  forgetConnections(): void;
  /** The board gets another address: its sockets end, and RST leaves from the old one. */
  renewAddress(): void;
  /** RST reaches both ends of each of the board's connections, as far as the link lets it. */
  resetConnections(): void;
}

export class WorldLink implements LinkControl {
  private readonly link: Link;
  private readonly board: Board;
  private readonly index: number;
  private readonly wan: Wan;
  private readonly emit: Emit;

  constructor(link: Link, wan: Wan, board: Board, index: number, emit: Emit) {
    this.link = link;
    this.wan = wan;
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
    const { link } = this;
    const { station } = this.board;
    link.setSignal(station.levelDbm);
    station.setLinkLevel(link.settings.rssiDbm);
  }

  setPortal(status: number): void {
    const [was, on] = [this.wan.portalStatus(this.index) > 0, status > 0];
    this.wan.setPortal(this.index, status);
    if (was !== on) this.emit(on ? 'link.down' : 'link.up', this.index, 0, '', 'portal', 0);
  }

  forgetConnections(): void {
    this.wan.forget(this.index, this.board.net.connection);
  }

  renewAddress(): void {
    if (this.board.station.joined) this.board.net.renewAddress();
  }

  resetConnections(): void {
    for (const flow of this.board.net.flows) {
      this.link.sendUp(Packet.reset(flow));
      this.link.sendDown(Packet.reset(flow));
    }
  }
}

/** As a reason why a link is cut. */
export function blackholeOf(way?: Way): CutReason {
  return way === undefined ? 'blackhole' : `blackhole_${way}`;
}
