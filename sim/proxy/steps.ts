/**
 * Scenarios on a proxy: which steps can be played between real machines, and what moves.
 *
 * `boards:` counts devices in the order in which they first connect. What happens inside a board or its Wi-Fi
 * station is out of reach; that an access point goes away is played as the board and the relay would see it.
 */
import { usFromMs } from '../kernel/units.ts';
import { ESP32_RADIO } from '../net/wifi/parameters.ts';
import { Packet } from '../net/wire/packet.ts';
import type { Step } from '../scenario/scenario.ts';
import { PROXY_ACTIONS } from '../scenario/steps/index.ts';
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
    accessPointCount: 1,
    link: (board) => linkControl(proxy, board),
    accessPoint: () => accessPoint,
    balancer: proxy.wan.balancer,
    relay: { setRunning: (on) => proxy.setRelay(on), setHung: (on) => proxy.setRelayHung(on) },
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
    setBlackhole: (on) => link.setCut('blackhole', on),
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

  constructor(proxy: LinkProxy) {
    this.proxy = proxy;
  }

  setPower(on: boolean): void {
    this.proxy.cutAll('ap', !on);
    if (on) this.notice(this.unnoticed);
    else this.begin();
  }

  private begin(): void {
    const { kernel } = this.proxy;
    const outage = ++this.count;
    this.unnoticed = outage;
    kernel.schedule(kernel.nowUs + usFromMs(ESP32_RADIO.beaconLossMs), { onEvent: () => this.notice(outage) }, null);
  }

  private notice(outage: number): void {
    if (outage === 0 || outage !== this.unnoticed) return;
    this.unnoticed = 0;
    for (const connection of this.proxy.connections) connection.loseDevice();
  }
}
