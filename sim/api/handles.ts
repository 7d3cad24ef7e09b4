/** What a world has for those who move it by hand. Each move is a step of a scenario by a shorter name. */
import type { Level } from 'hal';
import { boardId } from '../kernel/board-id.ts';
import type { DurationText } from '../kernel/fields.ts';
import type { World } from '../world/world.ts';
import type { BoardMessage, ChannelStateName, WatchedBoard } from './board-watch.ts';
import type { BoardTarget, LinkSettings, StepSettings } from './settings.ts';

/** Plays a step now. @returns ends it, if it lasts */
export type PlayStep = (step: StepSettings) => EndStep;

/** Ends what a step began. Nothing happens when it is over already. */
export type EndStep = () => void;

/** Left out: until it is ended. */
export interface Lasting {
  for?: DurationText;
}

/** The links of some boards. */
export class LinkHandle {
  private readonly boards: BoardTarget;
  private readonly play: PlayStep;

  constructor(boards: BoardTarget, play: PlayStep) {
    this.boards = boards;
    this.play = play;
  }

  /** Packets vanish in both directions, without FIN or RST: connections become half-open. */
  blackhole(lasting: Lasting = {}): EndStep {
    return this.play({ action: 'link.blackhole', boards: this.boards, ...lasting });
  }

  /** Connections are reset: RST at both ends. */
  reset(): void {
    this.play({ action: 'link.reset', boards: this.boards });
  }

  /** Another loss, latency, rate … */
  set(settings: LinkSettings & Lasting): EndStep {
    return this.play({ action: 'link.set', boards: this.boards, ...settings });
  }
}

export class BoardHandle {
  /** `board-3` */
  readonly id: string;
  readonly link: LinkHandle;
  private readonly index: number;
  private readonly world: World;
  private readonly watched: WatchedBoard;
  private readonly play: PlayStep;

  constructor(index: number, world: World, watched: WatchedBoard, play: PlayStep) {
    this.id = boardId(index);
    this.index = index;
    this.world = world;
    this.watched = watched;
    this.play = play;
    this.link = new LinkHandle(this.id, play);
  }

  /** Of its channel, as its firmware has it. */
  get state(): ChannelStateName {
    return this.watched.state;
  }

  /** The level of one of its pins. */
  pins(pin: number): Level {
    return this.world.controls.board(this.index).pinLevel(pin);
  }

  /** What it logged: the last 1,000 lines; of a fleet of more than 100 boards fewer of each. */
  get log(): readonly string[] {
    return this.watched.log.list;
  }

  /** What the relay got from it: as many messages. */
  get messages(): readonly BoardMessage[] {
    return this.watched.messages.list;
  }

  /** It starts anew from flash. */
  reset(): void {
    this.play({ action: 'board.reset', boards: this.id });
  }

  /** It is without power for 2 s, or so long. */
  powerCycle(lasting: Lasting = {}): EndStep {
    return this.play({ action: 'board.power_cycle', boards: this.id, ...lasting });
  }
}

/** The relay inside the world. */
export class RelayHandle {
  private readonly world: World;
  private readonly play: PlayStep;

  constructor(world: World, play: PlayStep) {
    this.world = world;
    this.play = play;
  }

  /** Ids of those who are connected, in the order in which they came. */
  get clients(): readonly string[] {
    return this.world.ownRelay?.clients ?? [];
  }

  /**
   * Says this to one client, as it is: no envelope. It arrives as the world moves on.
   * @returns false when it is not connected, or the relay stands still
   */
  send(id: string, text: string): boolean {
    return this.world.ownRelay?.send(id, text) ?? false;
  }

  /** Its process ends: connections end with FIN, new ones are refused. */
  stop(lasting: Lasting = {}): EndStep {
    return this.play({ action: 'relay.stop', ...lasting });
  }

  /** The same for 2 s, or so long. */
  restart(lasting: Lasting = {}): EndStep {
    return this.play({ action: 'relay.restart', ...lasting });
  }

  /** It accepts, and answers nothing. */
  hang(lasting: Lasting = {}): EndStep {
    return this.play({ action: 'relay.hang', ...lasting });
  }
}
