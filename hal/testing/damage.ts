/**
 * Breaks one thing of a backend and leaves the rest alone: each function takes what is sound and gives the
 * parts to put in its place.
 */
import type { Rig } from '../conformance.ts';
import type { Hal, Socket, SocketHandlers } from '../index.ts';

export type Damage = (rig: Rig) => void;

/** By the name of the case that must fail, by what is wrong. */
export type Defects = Readonly<Record<string, Readonly<Record<string, Damage>>>>;

export function capability<K extends keyof Hal>(name: K, change: (sound: Hal[K], hal: Hal) => Partial<Hal[K]>): Damage {
  return ({ hal }) => {
    Object.assign(hal[name], change({ ...hal[name] }, hal));
  };
}

export function socket(change: (sound: Socket, hal: Hal) => Partial<Socket>): Damage {
  return capability('net', (net, hal) => ({
    connect: (host, port, handlers) => {
      const sound = net.connect(host, port, handlers);
      return { ...sound, ...change(sound, hal) };
    },
  }));
}

export function handlers(change: (sound: SocketHandlers) => Partial<SocketHandlers>): Damage {
  return capability('net', (net) => ({
    connect: (host, port, given) => {
      const sound: SocketHandlers = {
        onConnect: () => given.onConnect(),
        onData: (bytes) => given.onData(bytes),
        onDrain: () => given.onDrain(),
        onClose: (error) => given.onClose(error),
      };
      return net.connect(host, port, { ...sound, ...change(sound) });
    },
  }));
}
