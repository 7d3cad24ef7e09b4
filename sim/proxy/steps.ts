/**
 * Scenarios on a proxy: which steps can be played between real machines, and what moves.
 *
 * `boards:` counts devices in the order in which they first connect. What happens inside a board or its Wi-Fi station is out of reach; that an access point
 * goes away is played as the board and the relay would see it.
 */
import { usFromMs } from '../kernel/units.ts';
import type { WorldControls } from '../scenario/controls.ts';
import type { LinkSettings, Step } from '../scenario/scenario.ts';
import type { LinkProxy } from './proxy.ts';

const PLAYABLE = [
  'link.set',
  'link.blackhole',
  'link.reset',
  'link.idle_timeout',
  'ap.down',
  'relay.stop',
  'relay.restart',
  'relay.hang',
] as const;

/** ESP-IDF gives an access point up after 60 missed beacons and five probes, ms; then lwIP drops every connection (net/wifi.ts). */
const BEACON_LOSS_MS = 8_500;

/** What is wrong with the steps, a line each. */
export function stepProblems(steps: readonly Step[]): string[] {
  const playable: readonly string[] = PLAYABLE;
  const names = new Set(steps.map(({ action }) => action).filter((action) => !playable.includes(action)));
  return [...names].map((action) => `steps: ${action}: a proxy cannot do this; it can do ${PLAYABLE.join(', ')}`);
}

type PlayedControls = Pick<
  WorldControls,
  'boardCount' | 'setBlackhole' | 'setLink' | 'setAccessPoint' | 'setRelay' | 'setRelayHung' | 'resetConnections'
>;

/** The handles that the playable steps move, and no others. @param boardCount of the scenario */
export function proxyControls(proxy: LinkProxy, boardCount: number): WorldControls {
  const accessPoint = new AccessPointOutage(proxy);
  const controls: PlayedControls = {
    boardCount,
    setBlackhole: (board, on) => proxy.link(board).setCut('blackhole', on),
    setLink: (board, settings) => setLink(proxy, board, settings),
    setAccessPoint: (on) => accessPoint.setPower(on),
    setRelay: (on) => proxy.setRelay(on),
    setRelayHung: (on) => proxy.setRelayHung(on),
    resetConnections: (board) => {
      for (const connection of proxy.connections) if (connection.device.number === board + 1) connection.sendResets();
    },
  };
  return controls as WorldControls;
}

function setLink(proxy: LinkProxy, board: number, settings: Partial<LinkSettings>): Partial<LinkSettings> {
  const link = proxy.link(board);
  const before = link.settings;
  const replaced = Object.fromEntries(Object.keys(settings).map((key) => [key, before[key as keyof LinkSettings]]));
  link.applySettings({ ...before, ...settings });
  return replaced;
}

/** Silence at once. When the stations notice, at the latest when the access point is back, their sockets are reset; the relay hears nothing of it. */
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
    kernel.schedule(kernel.nowUs + usFromMs(BEACON_LOSS_MS), { onEvent: () => this.notice(outage) }, null);
  }

  private notice(outage: number): void {
    if (outage === 0 || outage !== this.unnoticed) return;
    this.unnoticed = 0;
    for (const connection of this.proxy.connections) connection.loseDevice();
  }
}
