/** A world that runs, with everything it said so far: for tests that move its controls themselves. */
import { app as sos } from 'firmware/apps/sos';
import type { FirmwareApp } from 'firmware/boot';
import type { EventName, WorldEvent } from '../kernel/events.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { World } from '../world/world.ts';
import { makeScenario } from './scenario.ts';

export class WatchedWorld {
  readonly world: World;
  readonly events: WorldEvent[] = [];

  /** Starts the world that `makeScenario` describes. Whoever makes one closes it. */
  constructor(document: ScenarioDocument, app: FirmwareApp = sos) {
    this.world = new World(makeScenario(document), { app });
    this.world.events$.subscribe((event) => this.events.push(event));
    this.world.start();
  }

  get nowMs(): number {
    return this.world.nowMs;
  }

  /** Advances by so much. */
  run(ms: number): Promise<void> {
    return this.world.run(this.world.nowMs + ms);
  }

  /** Of one board, or of all when `board` is left out. */
  named(name: EventName, board?: number): WorldEvent[] {
    return this.events.filter((event) => event.event === name && (board === undefined || event.board === board));
  }

  /** The board's channel, as it last said. */
  channelState(board: number): string {
    return this.named('channel.state', board).at(-1)?.subject ?? 'off';
  }

  get openChannels(): number {
    return Array.from({ length: this.world.boardCount }, (_, board) => this.channelState(board)).filter((state) => state === 'open').length;
  }

  close(): Promise<void> {
    return this.world.close();
  }
}
