/**
 * A world that stands still, shown to whoever looks: as text, and in Node's debugger, for which it waits
 * where somebody can start one.
 */
import { open, url, waitForDebugger } from 'node:inspector';
import type { Standstill } from '../run/standstill/standstill.ts';
import type { World } from '../world/world.ts';
import type { Io } from './io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INSPECTOR_PORT = 9229;

/** Stops in the debugger with `world` and `standstill` in reach. Returns when it lets the world go on. */
export function inspectWorld(world: World, standstill: Standstill, io: Io): void {
  const isOpen = url() !== undefined;
  if (!isOpen && !io.errIsTerminal) return;
  io.err(
    'The world stands still until a debugger has come and gone: chrome://inspect, or "node inspect localhost:9229". Ctrl-C ends it. In reach there: world, standstill.\n',
  );
  if (!isOpen) open(INSPECTOR_PORT, '127.0.0.1');
  withDefaultSignals(() => {
    waitForDebugger();
    stopHere(world, standstill);
  });
}

function stopHere(world: World, standstill: Standstill): void {
  Object.assign(globalThis, { world, standstill });
  // biome-ignore lint/suspicious/noDebugger: this is what was asked for
  debugger;
}

/** Node waits for the debugger outside of JavaScript, where nobody would hear of Ctrl-C. */
function withDefaultSignals(act: () => void): void {
  const listeners = SIGNALS.map((signal) => process.listeners(signal));
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  try {
    act();
  } finally {
    SIGNALS.forEach((signal, index) => {
      for (const listener of listeners[index]) process.on(signal, listener as () => void);
    });
  }
}
