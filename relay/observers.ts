/** Several observers as one: each is told everything, in the order of the list. */
import { NULL_OBSERVER, type RelayObserver } from './observer.ts';

type Call = (...facts: unknown[]) => void;

export function observers(all: readonly RelayObserver[]): RelayObserver {
  if (all.length < 2) return all[0] ?? NULL_OBSERVER;
  const names = Object.keys(NULL_OBSERVER) as (keyof RelayObserver)[];
  const tellAll = (name: keyof RelayObserver): Call => {
    const calls = all.flatMap((observer) => (observer[name]?.bind(observer) as Call | undefined) ?? []);
    return (...facts) => {
      for (const call of calls) call(...facts);
    };
  };
  return Object.fromEntries(names.map((name) => [name, tellAll(name)])) as unknown as RelayObserver;
}
