/**
 * The path between one board and the relay: two ways, each a chain of rules and hops (direction.ts), over an
 * air link that may be cut.
 *
 * A link is cut silently: packets sent into it vanish and nobody is told, as when an uplink dies behind a
 * living access point. So they do while the board's station has not joined. Packets that are already on their
 * way arrive.
 */
import type { CutReason } from '../../kernel/events.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { AirConditions, AirHop, Medium } from '../wifi/medium.ts';
import { ESP32_RADIO, type RadioParameters } from '../wifi/parameters.ts';
import { Packet, type Way } from '../wire/packet.ts';
import { joinTaps, type LossReason, type PacketTap } from '../wire/packet-tap.ts';
import { Direction, type Part } from './direction.ts';
import { PLACES, type RuleParts, type Ways } from './link-rule.ts';
import { type LinkSettings, type NamedRule, RULES } from './settings.ts';

export interface LinkParts {
  kernel: Timeline;
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
  /** Whether who sends on a way sets DF; left out: a board's lwIP does not, the relay's Linux does. */
  dontFragment?: Readonly<Record<Way, boolean>>;
}

const LWIP_TO_LINUX = { up: false, down: true };

/** Of a link without rules. */
const FREE_AIR: AirConditions = { rateBps: Number.POSITIVE_INFINITY, errorRate: 0, maxTries: 1, dtim: 0 };

/** Cuts of one way; all others are of both. */
const ONE_WAY: Partial<Record<CutReason, Way>> = { blackhole_up: 'up', blackhole_down: 'down' };

function otherWay(way: Way): Way {
  return way === 'up' ? 'down' : 'up';
}

export class Link {
  private readonly parts: LinkParts;
  private readonly radio: RadioParameters;
  private readonly up: Direction;
  private readonly down: Direction;
  private readonly streams = new Map<string, RandomStream>();
  private readonly cuts = new Set<CutReason>();
  /** Why nothing passes on a way, while it is cut: the reason that has lasted longest. */
  private readonly cut: Record<Way, CutReason | null> = { up: null, down: null };
  private current: LinkSettings;
  /** In place of the settings' own: a level, dBm, and how the firmware wants the radio to save power. */
  private signalDbm: number | undefined = undefined;
  private saving: Pick<LinkSettings, 'powerSave' | 'listenInterval'> | null = null;
  /** What rules made last: those that remember something outlive a change of settings. */
  private readonly made = new Map<NamedRule, Ways>();
  private readonly air: Readonly<Record<Way, AirHop>> | null;
  private readonly conditions: Record<Way, AirConditions> = { up: FREE_AIR, down: FREE_AIR };
  private readonly airWatchers: ((air: Readonly<AirConditions>) => void)[] = [];

  constructor(settings: LinkSettings, parts: LinkParts) {
    const { kernel, medium } = parts;
    this.parts = parts;
    this.radio = parts.radio ?? ESP32_RADIO;
    this.up = new Direction(kernel, 'up', parts.deliverUp);
    this.down = new Direction(kernel, 'down', parts.deliverDown);
    this.air = medium && { up: this.join(medium, 'up'), down: this.join(medium, 'down') };
    this.current = settings;
    this.applySettings(settings);
  }

  get settings(): LinkSettings {
    return this.current;
  }

  /** False while anything cuts it, or its station is not there. */
  get carries(): boolean {
    return this.obstacle(this.cut.up) === null && this.obstacle(this.cut.down) === null;
  }

  /**
   * Listens to its packets from now on, after those that do already. @param way left out: to those of both
   */
  addTap(tap: PacketTap, way?: Way): void {
    if (way !== 'down') this.up.tap = joinTaps(this.up.tap, tap);
    if (way !== 'up') this.down.tap = joinTaps(this.down.tap, tap);
  }

  /** Mean loss of a packet on the worse way, 0 to 1, cuts left aside. */
  get lossRate(): number {
    const losses = RULES.map((rule) => rule.lossRate?.(this.effective, this.radio) ?? null).filter((loss) => loss !== null);
    return losses.length === 1 ? losses[0] : 1 - losses.reduce((passes, loss) => passes * (1 - loss), 1);
  }

  /** Tells this listener what the settings say of its air on the way up, now and at each change. */
  watchAir(listener: (air: Readonly<AirConditions>) => void): void {
    this.airWatchers.push(listener);
    listener(this.conditions.up);
  }

  /** The level of the access point that its station is with, dBm; undefined: as the settings say. */
  setSignal(rssiDbm: number | undefined): void {
    if (rssiDbm === this.signalDbm) return;
    this.signalDbm = rssiDbm;
    this.applySettings(this.current);
  }

  /** How its board's radio saves power; null: as the settings say. */
  setPowerSave(saving: { mode: LinkSettings['powerSave']; listenInterval?: number } | null): void {
    const before = this.effective;
    this.saving = null;
    if (saving !== null) {
      const { mode: powerSave, ...interval } = saving;
      this.saving = { powerSave, ...interval };
    }
    const { powerSave, listenInterval } = this.effective;
    if (powerSave !== before.powerSave || listenInterval !== before.listenInterval) this.applySettings(this.current);
  }

  applySettings(given: LinkSettings): void {
    this.current = given;
    const settings = this.effective;
    const sharesAir = this.air !== null;
    const { kernel, onForgotten } = this.parts;
    const parts: RuleParts = {
      nowUs: kernel.nowUs,
      timeline: kernel,
      sharesAir,
      radio: this.radio,
      stream: this.stream,
      onForgotten,
      dontFragment: this.parts.dontFragment ?? LWIP_TO_LINUX,
      onTooBig: this.onTooBig,
    };
    const active = RULES.filter((rule) => !sharesAir || rule.air === undefined).flatMap((rule) => {
      const ways = rule.create(settings, parts, this.made.get(rule) ?? null);
      if (ways === null) return [];
      this.made.set(rule, ways);
      return [{ place: rule.place, name: rule.name, ways }];
    });
    const names = new Map(active.flatMap(({ name, ways }) => [ways.up, ways.down].map((part) => [part, name] as const)));
    for (const way of ['up', 'down'] as const) {
      const partsAt = (place: string): (Part | null)[] => [
        ...(place === 'air' && this.air !== null ? [this.air[way]] : []),
        ...active.filter((rule) => rule.place === place).map(({ ways }) => ways[way]),
      ];
      this[way].setParts(
        PLACES[way].flatMap(partsAt).filter((part) => part !== null),
        names,
      );
      this.conditions[way] = Object.assign({ ...FREE_AIR }, ...RULES.map((rule) => rule.air?.(settings, way, this.radio)));
      this.air?.[way].onConditions?.();
    }
    for (const listener of this.airWatchers) listener(this.conditions.up);
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

  /** A question and its answer cannot both pass, whatever the access point says. */
  get isBlackhole(): boolean {
    return this.cuts.has('blackhole') || this.cuts.has('blackhole_up') || this.cuts.has('blackhole_down');
  }

  /** Cuts the link for this reason, or takes that reason back. */
  setCut(reason: CutReason, on: boolean): void {
    if (on) this.cuts.add(reason);
    else this.cuts.delete(reason);
    for (const way of ['up', 'down'] as const) this.cut[way] = [...this.cuts].find((one) => ONE_WAY[one] !== otherWay(way)) ?? null;
  }

  sendUp(packet: Packet): void {
    this.up.send(packet, this.obstacle(this.cut.up));
  }

  sendDown(packet: Packet): void {
    this.down.send(packet, this.obstacle(this.cut.down));
  }

  private get effective(): LinkSettings {
    const { current, saving, signalDbm } = this;
    if (signalDbm === undefined && saving === null) return current;
    return { ...current, ...saving, ...(signalDbm === undefined ? {} : { rssiDbm: signalDbm }) };
  }

  /** Why a packet would vanish now; null: it would not. @param cut of its way */
  private obstacle(cut: CutReason | null): LossReason | null {
    return cut ?? (this.parts.station.joined ? null : 'not_joined');
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

  /**
   * The answer of a router half-way: it takes as long as one way of the link, and nothing loses it.
   */
  private readonly onTooBig = (packet: Packet, way: Way, mtuBytes: number): void => {
    const { kernel, deliverUp, deliverDown } = this.parts;
    const deliver = way === 'down' ? deliverUp : deliverDown;
    const told = Packet.tooBig(packet, mtuBytes);
    kernel.schedule(kernel.nowUs + usFromMs(this.current.latencyMs), { onEvent: () => deliver(told) }, null);
  };

  private join(medium: Medium, way: Way): AirHop {
    const conditionsNow = (): AirConditions => this.conditions[way];
    return medium.join({
      board: this.parts.board,
      way,
      stream: this.stream,
      get conditions() {
        return conditionsNow();
      },
    });
  }
}
