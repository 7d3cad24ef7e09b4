/**
 * What a run on the wall clock has beside its world: real sockets, a console, a pace, a farewell. Loaded by
 * whoever makes one, so that no other run has it.
 */
import type { Socket } from 'node:net';
import { BridgeHost } from '../live/bridge-host.ts';
import { attachConsole, type OpenConsole } from '../live/console.ts';
import type { BridgeTarget } from '../live/dial.ts';
import { WallPacer } from '../live/wall-pacer.ts';
import type { TimelineWorld } from '../scenario/timeline.ts';
import type { Controls } from '../world/controls/controls.ts';
import type { World, WorldOptions } from '../world/world.ts';

/** How long clients of a live run have to answer its relay's close frame, ms. */
const FAREWELL_MS = 300;

export interface LiveOptions {
  /** The real relay that boards talk to; null: the relay inside the world, which real clients join. */
  bridge: BridgeTarget | null;
  /** Of web pages that may join, besides those of the relay's own address. */
  allowOrigins?: readonly string[];
  /** Calls back for each real client, with the name that its certificate proves. */
  onClient(callback: (socket: Socket, name: string) => void): void;
  /** Left out: the relay inside the world has none. */
  console?: OpenConsole;
}

/** By which the steps of the scenario move the world, too. */
type Moves = Pick<TimelineWorld<Controls>, 'faults' | 'actions'>;

/** Makes a run a live one. */
export interface WallClock extends Pick<WorldOptions, 'bridge' | 'allowOrigins'> {
  /** To be called before the world starts. */
  open(world: World, moves: Moves): LiveRun;
}

export function onWallClock(options: LiveOptions): WallClock {
  const { bridge: target, allowOrigins } = options;
  return {
    bridge: target === null ? undefined : (parts) => new BridgeHost({ ...parts, target }),
    allowOrigins,
    open: (world, moves) => new LiveRun(world, moves, options),
  };
}

export class LiveRun {
  private readonly world: World;
  private readonly options: LiveOptions;
  private readonly pacer: WallPacer;
  private readonly page: ReturnType<typeof attachConsole> | undefined;

  constructor(world: World, moves: Moves, options: LiveOptions) {
    this.world = world;
    this.options = options;
    this.page = options.console && attachConsole(world, moves, options.console);
    this.pacer = new WallPacer(world.kernel);
  }

  /** Lets real clients in. */
  begin(): void {
    this.options.onClient((socket, name) => this.world.ownRelay?.acceptExternal(socket, name));
  }

  advance(toMs: number, signal: AbortSignal | undefined): Promise<void> {
    return this.pacer.run(toMs, signal);
  }

  /** Real clients are not just cut off. */
  async sayGoodbye(): Promise<void> {
    const { world, pacer } = this;
    world.mute();
    if (world.ownRelay === null) return;
    void world.ownRelay.farewell();
    await pacer.run(world.nowMs + FAREWELL_MS, undefined);
  }

  closePage(): void {
    this.page?.close();
  }

  driftP99Ms(): number {
    return this.pacer.driftP99Ms();
  }
}
