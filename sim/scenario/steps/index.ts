/** Every action a step can name. A new one is a file here and a line below. */
import type { Action, ProxyAction } from './action.ts';
import { balancerIdleClose } from './balancer/balancer-idle-close.ts';
import { balancerMaxLifetime } from './balancer/balancer-max-lifetime.ts';
import { balancerSet } from './balancer/balancer-set.ts';
import { boardBattery } from './board-battery.ts';
import { boardBrownout } from './board-brownout.ts';
import { boardBurst } from './board-burst.ts';
import { boardPowerCycle } from './board-power-cycle.ts';
import { boardReset } from './board-reset.ts';
import { boardUpdate } from './board-update.ts';
import { clientBurst } from './client-burst.ts';
import { clockSet } from './clock-set.ts';
import { expectStep } from './expect.ts';
import { KNOWN_ACTIONS } from './known.ts';
import { linkBlackhole } from './link-blackhole.ts';
import { linkIdleTimeout } from './link-idle-timeout.ts';
import { linkReset } from './link-reset.ts';
import { linkSet } from './link-set.ts';
import { memoryLeak } from './memory-leak.ts';
import { dhcpExhausted } from './names/dhcp-exhausted.ts';
import { dhcpRenew } from './names/dhcp-renew.ts';
import { dnsAnswer } from './names/dns-answer.ts';
import { dnsFail } from './names/dns-fail.ts';
import { dnsSlow } from './names/dns-slow.ts';
import { adcSet } from './peripherals/adc-set.ts';
import { flashFail } from './peripherals/flash-fail.ts';
import { i2cDevice } from './peripherals/i2c-device.ts';
import { onewireDevice } from './peripherals/onewire-device.ts';
import { pinSet } from './peripherals/pin-set.ts';
import { spiDevice } from './peripherals/spi-device.ts';
import { uartSend } from './peripherals/uart-send.ts';
import { relayCertificate } from './relay/relay-certificate.ts';
import { relayClock } from './relay/relay-clock.ts';
import { relayHang } from './relay/relay-hang.ts';
import { relayMove } from './relay/relay-move.ts';
import { relayOutOfMemory } from './relay/relay-out-of-memory.ts';
import { relayRestart } from './relay/relay-restart.ts';
import { relaySlow } from './relay/relay-slow.ts';
import { relayStop } from './relay/relay-stop.ts';
import { airSet } from './wifi/air-set.ts';
import { apChannel } from './wifi/ap-channel.ts';
import { apDown } from './wifi/ap-down.ts';
import { apReject } from './wifi/ap-reject.ts';
import { apRekey } from './wifi/ap-rekey.ts';
import { apRoam } from './wifi/ap-roam.ts';
import { apSignal } from './wifi/ap-signal.ts';
import { wifiCaptivePortal } from './wifi/captive-portal.ts';
import { stationDeauth } from './wifi/station-deauth.ts';
import { wifiPassword } from './wifi/wifi-password.ts';

const ALL: readonly Action[] = [
  airSet,
  apChannel,
  apDown,
  apReject,
  apRekey,
  apRoam,
  apSignal,
  balancerIdleClose,
  balancerMaxLifetime,
  balancerSet,
  boardBattery,
  boardBrownout,
  boardBurst,
  boardPowerCycle,
  boardReset,
  boardUpdate,
  clientBurst,
  clockSet,
  dhcpExhausted,
  dhcpRenew,
  dnsAnswer,
  dnsFail,
  dnsSlow,
  expectStep,
  adcSet,
  flashFail,
  i2cDevice,
  onewireDevice,
  pinSet,
  spiDevice,
  uartSend,
  linkBlackhole,
  linkIdleTimeout,
  linkReset,
  linkSet,
  memoryLeak,
  relayCertificate,
  relayClock,
  relayHang,
  relayMove,
  relayOutOfMemory,
  relayRestart,
  relaySlow,
  relayStop,
  stationDeauth,
  wifiCaptivePortal,
  wifiPassword,
];

export const ACTIONS: Readonly<Record<string, Action>> = Object.assign(
  KNOWN_ACTIONS,
  Object.fromEntries(ALL.map((action) => [action.action, action])),
);

/** Those that `sim proxy` can play. */
export const PROXY_ACTIONS: Readonly<Record<string, ProxyAction>> = Object.fromEntries(
  ALL.filter((action) => action.proxy !== undefined).map((action) => [action.action, action]),
);
