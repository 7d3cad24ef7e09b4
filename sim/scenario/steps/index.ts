/** Every action a step can name. A new one is a file here and a line below. */
import type { Action, ProxyAction } from './action.ts';
import { airSet } from './air-set.ts';
import { apDown } from './ap-down.ts';
import { apRoam } from './ap-roam.ts';
import { balancerIdleClose } from './balancer-idle-close.ts';
import { balancerMaxLifetime } from './balancer-max-lifetime.ts';
import { balancerSet } from './balancer-set.ts';
import { boardBurst } from './board-burst.ts';
import { boardPowerCycle } from './board-power-cycle.ts';
import { boardReset } from './board-reset.ts';
import { clientBurst } from './client-burst.ts';
import { clockSet } from './clock-set.ts';
import { dhcpExhausted } from './dhcp-exhausted.ts';
import { dhcpRenew } from './dhcp-renew.ts';
import { dnsAnswer } from './dns-answer.ts';
import { dnsFail } from './dns-fail.ts';
import { dnsSlow } from './dns-slow.ts';
import { expectStep } from './expect.ts';
import { linkBlackhole } from './link-blackhole.ts';
import { linkIdleTimeout } from './link-idle-timeout.ts';
import { linkReset } from './link-reset.ts';
import { linkSet } from './link-set.ts';
import { relayHang } from './relay-hang.ts';
import { relayMove } from './relay-move.ts';
import { relayRestart } from './relay-restart.ts';
import { relayStop } from './relay-stop.ts';
import { stationDeauth } from './station-deauth.ts';
import { wifiCaptivePortal } from './wifi-captive-portal.ts';
import { wifiPassword } from './wifi-password.ts';

const ALL: readonly Action[] = [
  airSet,
  apDown,
  apRoam,
  balancerIdleClose,
  balancerMaxLifetime,
  balancerSet,
  boardBurst,
  boardPowerCycle,
  boardReset,
  clientBurst,
  clockSet,
  dhcpExhausted,
  dhcpRenew,
  dnsAnswer,
  dnsFail,
  dnsSlow,
  expectStep,
  linkBlackhole,
  linkIdleTimeout,
  linkReset,
  linkSet,
  relayHang,
  relayMove,
  relayRestart,
  relayStop,
  stationDeauth,
  wifiCaptivePortal,
  wifiPassword,
];

export const ACTIONS: Readonly<Record<string, Action>> = Object.fromEntries(ALL.map((action) => [action.action, action]));

/** Those that `sim proxy` can play. */
export const PROXY_ACTIONS: Readonly<Record<string, ProxyAction>> = Object.fromEntries(
  ALL.filter((action) => action.proxy !== undefined).map((action) => [action.action, action]),
);
