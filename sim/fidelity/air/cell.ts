/**
 * One access point and its boards on one channel, as in the measurement, and nothing else of a world: no TCP,
 * no WebSocket, no relay process.
 */
import { boardId } from '../../kernel/board-id.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { type RandomStream, RandomStreams } from '../../kernel/random.ts';
import type { AirReceiver } from '../../net/wifi/air/air-path.ts';
import { AirStation } from '../../net/wifi/air/air-station.ts';
import { Bss } from '../../net/wifi/air/bss.ts';
import { CW_MAX } from '../../net/wifi/air/edca.ts';
import { Medium } from '../../net/wifi/air/medium.ts';
import { Neighbour } from '../../net/wifi/air/neighbour.ts';
import type { PhyRate } from '../../net/wifi/air/phy.ts';
import type { QueueSettings } from '../../net/wifi/air/transmit-queue.ts';

export interface CellConditions {
  stations: number;
  rate: PhyRate;
  /** Of the first board, both ways; null: as the others. */
  slow: PhyRate | null;
  boardTries: number;
  boardQueue: QueueSettings;
  accessPointTries: number;
  accessPointCwMax: number;
  accessPointQueue: QueueSettings;
  /** Whether the access point aggregates. */
  aggregate: boolean;
  /** Share of the air that a neighbour takes, in frames of 1,500 bytes, one at a time. */
  neighbours: number;
  /** Whether the boards form two halves that do not hear each other. */
  hiddenHalves: boolean;
}

/** Who takes a board's packets at the access point, and the packets for it. */
export interface BoardEnds {
  atAccessPoint: AirReceiver;
  atStation: AirReceiver;
}

export class Cell {
  readonly kernel = new Kernel();
  readonly medium = new Medium(this.kernel);
  readonly bss: Bss;
  readonly boards: readonly AirStation[];
  private readonly streams: RandomStreams;

  constructor(conditions: CellConditions, seed: number, endsOf: (board: number) => BoardEnds) {
    this.streams = new RandomStreams(seed);
    const { accessPointTries, accessPointCwMax, accessPointQueue, aggregate, neighbours, hiddenHalves } = conditions;
    const accessPoint = { tries: accessPointTries, cwMax: accessPointCwMax, queue: accessPointQueue, aggregate };
    this.bss = new Bss(this.medium, (purpose) => this.random(`ap-1/${purpose}`), accessPoint);
    this.boards = Array.from({ length: conditions.stations }, (_, index) => this.board(index, conditions, endsOf(index)));
    new Neighbour(this.kernel, this.medium, (purpose) => this.random(`neighbour/${purpose}`), 1).setShare(neighbours);
    if (hiddenHalves) this.hideHalves();
  }

  get nowUs(): number {
    return this.kernel.nowUs;
  }

  /** The stream of that name, from its beginning. */
  random(name: string): RandomStream {
    return this.streams.stream(name);
  }

  at(atUs: number, action: () => void): void {
    this.kernel.schedule(Math.round(atUs), { onEvent: action }, null);
  }

  private board(index: number, { rate, slow, boardTries, boardQueue }: CellConditions, ends: BoardEnds): AirStation {
    const random = (purpose: string): RandomStream => this.random(`${boardId(index)}/${purpose}`);
    const settings = { tries: boardTries, cwMax: CW_MAX, queue: boardQueue, aggregate: false };
    const station = new AirStation({ kernel: this.kernel, bss: this.bss, random, ...ends }, settings);
    station.setSignal((index === 0 ? slow : null) ?? rate, 0);
    return station;
  }

  private hideHalves(): void {
    const half = Math.floor(this.boards.length / 2);
    for (const one of this.boards.slice(0, half)) {
      for (const other of this.boards.slice(half)) this.medium.hide(one.radio, other.radio);
    }
  }
}
