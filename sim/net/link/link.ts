/**
 * The path between one board and the relay: two ways, each a chain of rules and hops (direction.ts), over an air link that may be cut.
 *
 * A link is cut silently: packets sent into it vanish and nobody is told, as when an uplink dies behind a living access point. So they do while the board's
 * station has not joined. Packets that are already on their way arrive.
 */
import type { CutReason } from '../../kernel/events.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { AirConditions, Medium } from '../wifi/medium.ts';
import { ESP32_RADIO, type RadioParameters } from '../wifi/parameters.ts';
import type { Packet } from '../wire/packet.ts';
import { Direction, type Part } from './direction.ts';
import type { Hop } from './hop.ts';
import { type LinkRule, PLACES, type Way, type Ways } from './link-rule.ts';
import { type LinkSettings, RULES } from './settings.ts';

export interface LinkParts {
  kernel: Timeline;
  trace: Trace;
  board: number;
  /** Streams of this link's own, by purpose. */
  random: (purpose: string) => RandomStream;
  /** Only one that has joined sends and hears. */
  station: { readonly joined: boolean };
  /** The board's; left out: an ESP32's. */
  radio?: RadioParameters;
  /** The air that it shares with other links; null: it has its own. */
  medium: Medium | null;
  /** Takes what arrives at the relay's machine, and at the board's. */
  deliverUp: (packet: Packet) => void;
  deliverDown: (packet: Packet) => void;
  /** A NAT on the path has forgotten this flow, that long ago. */
  onForgotten: (flow: number, forUs: number) => void;
}

/** Of a link without rules. */
const FREE_AIR: AirConditions = { rateBps: Number.POSITIVE_INFINITY, errorRate: 0, maxTries: 1 };

export class Link {
  private readonly parts: LinkParts;
  private readonly radio: RadioParameters;
  private readonly up: Direction;
  private readonly down: Direction;
  private readonly streams = new Map<string, RandomStream>();
  private readonly cuts = new Set<CutReason>();
  private cut = false;
  private current: LinkSettings;
  /** What rules made last: those that remember something outlive a change of settings. */
  private readonly made = new Map<LinkRule<LinkSettings>, Ways>();
  private readonly air: Readonly<Record<Way, Hop>> | null;

  constructor(settings: LinkSettings, parts: LinkParts) {
    const { kernel, trace, board, medium } = parts;
    this.parts = parts;
    this.radio = parts.radio ?? ESP32_RADIO;
    this.up = new Direction(kernel, trace, board, 1, parts.deliverUp);
    this.down = new Direction(kernel, trace, board, 0, parts.deliverDown);
    this.air = medium && { up: this.join(medium, 'up'), down: this.join(medium, 'down') };
    this.current = settings;
    this.applySettings(settings);
  }

  get settings(): LinkSettings {
    return this.current;
  }

  /** False while anything cuts it, or its station is not there. */
  get carries(): boolean {
    return !this.cut && this.parts.station.joined;
  }

  /** Mean loss of a packet on the worse way, 0 to 1, cuts left aside. */
  get lossRate(): number {
    const losses = RULES.map((rule) => rule.lossRate?.(this.current, this.radio) ?? null).filter((loss) => loss !== null);
    return losses.length === 1 ? losses[0] : 1 - losses.reduce((passes, loss) => passes * (1 - loss), 1);
  }

  applySettings(settings: LinkSettings): void {
    this.current = settings;
    const parts = { nowUs: this.parts.kernel.nowUs, radio: this.radio, stream: this.stream, onForgotten: this.parts.onForgotten };
    const active = RULES.filter((rule) => this.air === null || rule.air === undefined).flatMap((rule) => {
      const ways = rule.create(settings, parts, this.made.get(rule) ?? null);
      if (ways === null) return [];
      this.made.set(rule, ways);
      return [{ place: rule.place, ways }];
    });
    for (const way of ['up', 'down'] as const) {
      const partsAt = (place: string): (Part | null)[] => [
        ...(place === 'air' && this.air !== null ? [this.air[way]] : []),
        ...active.filter((rule) => rule.place === place).map(({ ways }) => ways[way]),
      ];
      this[way].setParts(PLACES[way].flatMap(partsAt).filter((part) => part !== null));
    }
  }

  /** Changes some settings. @returns what they were */
  change(settings: Partial<LinkSettings>): Partial<LinkSettings> {
    const before = this.current;
    this.applySettings({ ...before, ...settings });
    return Object.fromEntries(Object.keys(settings).map((name) => [name, before[name as keyof LinkSettings]]));
  }

  isCut(reason: CutReason): boolean {
    return this.cuts.has(reason);
  }

  /** Cuts the link for this reason, or takes that reason back. */
  setCut(reason: CutReason, on: boolean): void {
    if (on) this.cuts.add(reason);
    else this.cuts.delete(reason);
    this.cut = this.cuts.size > 0;
  }

  sendUp(packet: Packet): void {
    this.up.send(packet, this.carries);
  }

  sendDown(packet: Packet): void {
    this.down.send(packet, this.carries);
  }

  /** The link's stream for this purpose; the same one each time. */
  private readonly stream = (purpose: string): RandomStream => {
    let stream = this.streams.get(purpose);
    if (!stream) {
      stream = this.parts.random(purpose);
      this.streams.set(purpose, stream);
    }
    return stream;
  };

  private join(medium: Medium, way: Way): Hop {
    const conditionsOf = (): AirConditions =>
      Object.assign({ ...FREE_AIR }, ...RULES.map((rule) => rule.air?.(this.current, way, this.radio)));
    return medium.join({
      board: this.parts.board,
      way,
      random: this.stream(`air-${way}`),
      get conditions() {
        return conditionsOf();
      },
    });
  }
}
