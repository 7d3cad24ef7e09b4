/**
 * Scenarios on a proxy: which steps can be played between real machines, and what moves.
 *
 * `boards:` counts devices in the order in which they first connect. What happens inside a board or its Wi-Fi
 * station is out of reach; that an access point goes away, or sends a station away, is played as the board
 * and the relay would see it.
 */
import { usFromMs } from '../kernel/units.ts';
import { ESP32_RADIO } from '../net/wifi/parameters.ts';
import { channelOf } from '../net/wifi/shared-air.ts';
import { Packet } from '../net/wire/packet.ts';
import type { Step } from '../scenario/scenario.ts';
import { PROXY_ACTIONS } from '../scenario/steps/index.ts';
import type { StationControl } from '../world/controls/board.ts';
import type { ProxyControls } from '../world/controls/controls.ts';
import type { LinkControl } from '../world/controls/link.ts';
import type { Connection } from './connection.ts';
import type { LinkProxy } from './proxy.ts';

/** What is wrong with the steps, a line each. */
export function stepProblems(steps: readonly Step[]): string[] {
  const names = new Set(steps.map(({ action }) => action).filter((action) => !Object.hasOwn(PROXY_ACTIONS, action)));
  const playable = Object.keys(PROXY_ACTIONS).join(', ');
  return [...names].map((action) => `steps: ${action}: a proxy cannot do this; it can do ${playable}`);
}

/** @param boardCount of the scenario */
export function proxyControls(proxy: LinkProxy, boardCount: number): ProxyControls {
  const accessPoint = new AccessPointOutage(proxy);
  return {
    boardCount,
    membersOf: () => [],
    accessPointCount: 1,
    link: (board) => linkControl(proxy, board),
    accessPoint: () => accessPoint,
    board: (board) => stationControl(proxy, board),
    balancer: proxy.wan.balancer,
    relay: {
      setRunning: (on) => proxy.setRelay(on),
      setMachine: (on) => proxy.setRelayMachine(on),
      setHung: (on) => proxy.setRelayHung(on),
    },
  };
}

function linkControl(proxy: LinkProxy, board: number): LinkControl {
  const link = proxy.link(board);
  return {
    get settings() {
      return link.settings;
    },
    get blackhole() {
      return link.isCut('blackhole');
    },
    change: (settings) => link.change(settings),
    setBlackhole: (on, way) => link.setCut(way === undefined ? 'blackhole' : `blackhole_${way}`, on),
    setPortal: (status) => proxy.wan.setPortal(board, status),
    renewAddress: () => {
      for (const connection of connectionsOf(proxy, board)) {
        connection.send('upstream', Packet.reset(connection.number));
        connection.loseDevice();
      }
    },
    forgetConnections: () => proxy.forgetConnections(board),
    resetConnections: () => {
      for (const connection of connectionsOf(proxy, board)) connection.sendResets();
    },
  };
}

/** A station that is sent away takes its board's connections with it; the relay hears nothing of it. */
function stationControl(proxy: LinkProxy, board: number): StationControl {
  const { kernel } = proxy;
  const lose = (): void => {
    for (const connection of connectionsOf(proxy, board)) connection.loseDevice();
  };
  return {
    accessPoint: 0,
    deauthenticate: lose,
    failRekey: () => kernel.schedule(kernel.nowUs + usFromMs(ESP32_RADIO.rekeyTimeoutMs), { onEvent: lose }, null),
  };
}

function connectionsOf({ connections }: LinkProxy, board: number): Connection[] {
  return connections.filter(({ device }) => device.number === board + 1);
}

/**
 * Silence at once. When the stations notice, at the latest when the access point is back, their sockets are
 * reset; the relay hears nothing of it.
 */
class AccessPointOutage {
  private readonly proxy: LinkProxy;
  /** Which outage the stations have not noticed yet; 0: none. */
  private unnoticed = 0;
  private count = 0;
  private channel = channelOf(0);
  private moves = 0;
  /** The channel on which it has left its stations behind. */
  private leftOn: number | null = null;

  constructor(proxy: LinkProxy) {
    this.proxy = proxy;
  }

  setPower(on: boolean): void {
    this.proxy.cutAll('ap', !on);
    if (on) this.notice(this.unnoticed);
    else this.begin();
  }

  /**
   * Who is left behind on a channel hears nothing until its station has noticed; who has followed an
   * announcement feels nothing that a proxy could play. Back on the old one, all is well again.
   */
  setChannel(channel: number, announced: boolean): number {
    const before = this.channel;
    this.channel = channel;
    if (channel === before) return before;
    if (this.leftOn === channel) this.rejoin();
    else if (!announced && this.leftOn === null) this.leave(before);
    return before;
  }

  private leave(channel: number): void {
    const move = ++this.moves;
    this.leftOn = channel;
    this.proxy.cutAll('channel', true);
    this.afterBeaconLoss(() => {
      if (move !== this.moves) return;
      for (const connection of this.proxy.connections) connection.loseDevice();
      this.rejoin();
    });
  }

  /** It is back, or their stations have noticed and find it where it is. */
  private rejoin(): void {
    this.moves++;
    this.leftOn = null;
    this.proxy.cutAll('channel', false);
  }

  private begin(): void {
    const outage = ++this.count;
    this.unnoticed = outage;
    this.afterBeaconLoss(() => this.notice(outage));
  }

  private afterBeaconLoss(act: () => void): void {
    const { kernel } = this.proxy;
    kernel.schedule(kernel.nowUs + usFromMs(ESP32_RADIO.beaconLossMs), { onEvent: act }, null);
  }

  private notice(outage: number): void {
    if (outage === 0 || outage !== this.unnoticed) return;
    this.unnoticed = 0;
    for (const connection of this.proxy.connections) connection.loseDevice();
  }
}
