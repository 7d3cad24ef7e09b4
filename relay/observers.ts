/**
 * Several observers as one: each is told everything, in the order of the list, and what nobody cares for
 * costs no call.
 */
import { NULL_OBSERVER, type RelayObserver } from './observer.ts';

type Call = (...facts: unknown[]) => void;

export function observers(all: readonly RelayObserver[]): RelayObserver {
  if (all.length < 2) return all[0] ?? NULL_OBSERVER;
  const names = Object.keys(NULL_OBSERVER) as (keyof RelayObserver)[];
  return Object.fromEntries(names.map((name) => [name, callOf(all, name)])) as unknown as RelayObserver;
}

function callOf(all: readonly RelayObserver[], name: keyof RelayObserver): Call {
  const nothing = NULL_OBSERVER[name] as Call;
  const calls = all.filter((observer) => observer[name] !== nothing).flatMap((observer) => (observer[name]?.bind(observer) as Call) ?? []);
  if (calls.length < 2) return calls[0] ?? nothing;
  return (...facts) => {
    for (const call of calls) call(...facts);
  };
}
