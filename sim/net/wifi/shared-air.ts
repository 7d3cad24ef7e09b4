/**
 * The air of a network, whose boards share it: its access points, each on one of the channels 1, 6 and 11 by
 * turns, and a radio for each board.
 *
 * Whoever is on one channel hears the others there, whichever access point they belong to, and the channels
 * do not hear each other. A link sends its frames through the radio of its board, wherever that is. Not
 * modelled: distance between access points; frames that a board sends in vain while its link is cut, which
 * take no air.
 */
import { boardId } from '../../kernel/board-id.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import type { Next } from '../link/hop.ts';
import { BEACON_US } from '../rules/power-save.ts';
import type { Packet } from '../wire/packet.ts';
import { AirStation } from './air/air-station.ts';
import { Bss } from './air/bss.ts';
import { Medium as Channel } from './air/medium.ts';
import { Neighbour } from './air/neighbour.ts';
import { DSSS_1, rateOf } from './air/phy.ts';
import { type AirSettings, accessPointSettings } from './air/settings.ts';
import type { AirConditions, AirHop, Medium, Transmitter } from './medium.ts';

/** Those that do not overlap. */
export const CHANNEL_NUMBERS = [1, 6, 11];

/** Which one an access point of this index begins on. */
export function channelOf(accessPoint: number): number {
  return CHANNEL_NUMBERS[accessPoint % CHANNEL_NUMBERS.length];
}

/** Packets that somebody else's network sends together: 1.6 ms at a time. */
const NEIGHBOUR_BURST = 8;

/** Sums since the world began. */
export interface AirFigures {
  /** Tries of boards and access points; of them met another frame; tries after the first of a frame. */
  frames: number;
  collisions: number;
  retries: number;
  /** Packets that failed at the last try, and that found a queue full. */
  retryDrops: number;
  queueDrops: number;
}

export interface AccessPointFigures {
  /** 1, 6 or 11. */
  channel: number;
  /**
   * Time in which anything was on the air of its channel, and what of that was its own and its boards', µs.
   */
  busyUs: number;
  ownUs: number;
  /** Time in which packets waited at it, µs, and the most at a time. */
  waitedUs: number;
  queueMax: number;
}

export interface SharedAirParts {
  kernel: Timeline;
  settings: AirSettings;
  /** At least 1. */
  accessPoints: number;
  /** The stream of that name, from its beginning. */
  random: (name: string) => RandomStream;
}

/** What somebody else's networks take of a channel's air, shares of it. */
export interface ChannelShares {
  /** In reach of everybody. */
  neighbours: number;
  /** In reach of the access points, and of no board. */
  hiddenNeighbours: number;
}

interface AirChannel {
  number: number;
  medium: Channel;
  neighbour: Neighbour;
  /** Made with its first share. */
  hiddenNeighbour: Neighbour | null;
}

interface Cell {
  bss: Bss;
  channel: AirChannel;
  /** What the air of its channels was busy before it came, less what that of its channel was, µs. */
  busyBeforeUs: number;
  /** Counts changes of its channel. */
  changes: number;
}

export class SharedAir implements Medium {
  private readonly parts: SharedAirParts;
  /** Those that an access point is on, or was. */
  private readonly channels: AirChannel[] = [];
  private readonly shares: Map<number, ChannelShares>;
  private readonly cells: Cell[];
  private readonly boards: BoardRadio[] = [];

  constructor(parts: SharedAirParts) {
    this.parts = parts;
    const { random, settings, accessPoints } = parts;
    this.shares = new Map(CHANNEL_NUMBERS.map((number) => [number, { neighbours: settings.neighbours, hiddenNeighbours: 0 }]));
    for (const number of CHANNEL_NUMBERS.slice(0, accessPoints)) this.channel(number);
    this.cells = Array.from({ length: accessPoints }, (_, index) => {
      const channel = this.channel(channelOf(index));
      const bss = new Bss(channel.medium, (purpose) => random(`ap-${index + 1}/${purpose}`), accessPointSettings(settings));
      return { bss, channel, busyBeforeUs: 0, changes: 0 };
    });
  }

  /** Changes what somebody else takes of the air of a channel from now on. @returns what it was */
  setShares(channelNumber: number, shares: Partial<ChannelShares>): Partial<ChannelShares> {
    const before = this.shares.get(channelNumber);
    if (before === undefined) throw new Error(`there is no channel ${channelNumber}`);
    this.shares.set(channelNumber, { ...before, ...shares });
    const channel = this.channels.find(({ number }) => number === channelNumber);
    if (channel !== undefined) this.applyShares(channel, shares);
    return Object.fromEntries(Object.keys(shares).map((key) => [key, before[key as keyof ChannelShares]]));
  }

  setChannel(accessPoint: number, number: number, announced: boolean): void {
    const { kernel } = this.parts;
    const cell = this.cells[accessPoint];
    const change = ++cell.changes;
    const move = (): void => {
      if (change !== cell.changes) return;
      const channel = this.channel(number);
      cell.busyBeforeUs += cell.channel.medium.busyUs - channel.medium.busyUs;
      cell.channel = channel;
      cell.bss.setChannel(channel.medium, announced);
    };
    if (!announced) {
      move();
      return;
    }
    cell.bss.pause();
    kernel.schedule(kernel.nowUs + BEACON_US, { onEvent: move }, null);
  }

  join(transmitter: Transmitter): AirHop {
    const { board, way } = transmitter;
    this.boards[board] ??= this.makeBoard(transmitter);
    const radio = this.boards[board];
    if (way === 'down') return { send: (packet, next) => radio.sendDown(packet, next) };
    return { send: (packet, next) => radio.sendUp(packet, next), onConditions: () => radio.setConditions(transmitter.conditions) };
  }

  associate(board: number, accessPoint: number | null): void {
    this.boards[board].associate(accessPoint === null ? null : this.cells[accessPoint].bss);
  }

  setPower(accessPoint: number, on: boolean): void {
    this.cells[accessPoint].bss.setPower(on);
  }

  get figures(): AirFigures {
    const radios = [...this.cells.map(({ bss }) => bss), ...this.boards.map(({ station }) => station)].map(({ radio }) => radio);
    const sum = (name: 'attempts' | 'collisions' | 'retries' | 'retryDrops' | 'queueDrops') =>
      radios.reduce((total, radio) => total + radio[name], 0);
    return {
      frames: sum('attempts'),
      collisions: sum('collisions'),
      retries: sum('retries'),
      retryDrops: sum('retryDrops'),
      queueDrops: sum('queueDrops'),
    };
  }

  get accessPoints(): AccessPointFigures[] {
    return this.cells.map(({ bss, channel: { number, medium }, busyBeforeUs }) => {
      const { waitedUs, queueMax, meter } = bss.radio;
      return { channel: number, busyUs: busyBeforeUs + medium.busyUs, ownUs: meter.airUs, waitedUs, queueMax };
    });
  }

  private makeBoard(transmitter: Transmitter): BoardRadio {
    const { kernel, random, settings, accessPoints } = this.parts;
    const { board } = transmitter;
    const isSlow = settings.slowStation && board < accessPoints;
    const radio = new BoardRadio(kernel, this.cells[board % accessPoints].bss, (purpose) => transmitter.stream(purpose), isSlow);
    if (settings.hidden > 0) this.hide(radio, settings.hidden, random(`${boardId(board)}/hidden`));
    return radio;
  }

  /** That of this number, which begins with its first access point. */
  private channel(number: number): AirChannel {
    const known = this.channels.find((one) => one.number === number);
    if (known !== undefined) return known;
    const medium = new Channel(this.parts.kernel);
    const channel = { number, medium, neighbour: this.makeNeighbour(number, medium, 'neighbour'), hiddenNeighbour: null };
    this.channels.push(channel);
    this.applyShares(channel, this.shares.get(number) ?? {});
    return channel;
  }

  private applyShares(channel: AirChannel, { neighbours, hiddenNeighbours }: Partial<ChannelShares>): void {
    if (neighbours !== undefined) channel.neighbour.setShare(neighbours);
    if (hiddenNeighbours === undefined) return;
    if (hiddenNeighbours > 0) channel.hiddenNeighbour ??= this.makeHiddenNeighbour(channel);
    channel.hiddenNeighbour?.setShare(hiddenNeighbours);
  }

  private makeHiddenNeighbour({ number, medium }: AirChannel): Neighbour {
    const neighbour = this.makeNeighbour(number, medium, 'hidden-neighbour');
    for (const { station } of this.boards) station.deafenTo(neighbour.radio);
    return neighbour;
  }

  private makeNeighbour(number: number, medium: Channel, name: string): Neighbour {
    const { kernel, random } = this.parts;
    return new Neighbour(kernel, medium, (purpose) => random(`channel-${number}/${name}-${purpose}`), NEIGHBOUR_BURST);
  }

  /** From some of those before it. */
  private hide(radio: BoardRadio, share: number, random: RandomStream): void {
    for (const other of this.boards) {
      if (random.next() >= share) continue;
      radio.station.deafen(other.station);
      other.station.deafen(radio.station);
    }
  }
}

/** A board on the air: between the hops of its link and its station's radio. */
class BoardRadio {
  readonly station: AirStation;
  private readonly isSlow: boolean;
  private associated = false;
  private upNext: Next | null = null;
  private downNext: Next | null = null;

  constructor(kernel: Timeline, bss: Bss, random: (purpose: string) => RandomStream, isSlow: boolean) {
    this.isSlow = isSlow;
    this.station = new AirStation({
      kernel,
      bss,
      random,
      atAccessPoint: {
        arrive: (packet, atUs) => this.upNext?.takeAt(packet as Packet, atUs),
        lose: (packet, why) => this.upNext?.lose?.(packet as Packet, `hop.${why}`),
      },
      atStation: {
        arrive: (packet, atUs) => this.downNext?.takeAt(packet as Packet, atUs),
        lose: (packet, why) => this.downNext?.lose?.(packet as Packet, `hop.${why}`),
      },
    });
  }

  sendUp(packet: Packet, next: Next): void {
    this.upNext = next;
    this.station.sendUp(packet, packet.wireBytes);
  }

  /** An access point sends nothing to a station that is not its own. */
  sendDown(packet: Packet, next: Next): void {
    if (!this.associated) {
      next.lose?.(packet, 'not_joined');
      return;
    }
    this.downNext = next;
    this.station.sendDown(packet, packet.wireBytes);
  }

  /** @param bss null: with none */
  associate(bss: Bss | null): void {
    this.associated = bss !== null;
    if (bss === null) {
      this.station.leave();
      return;
    }
    this.station.moveTo(bss);
    this.station.associate();
  }

  /** Of the way up, which are those of the way down but for the tries. */
  setConditions({ rateBps, errorRate, dtim }: AirConditions): void {
    this.station.setSignal(this.isSlow ? DSSS_1 : rateOf(rateBps), errorRate);
    this.station.setModemSleep(dtim);
  }
}
