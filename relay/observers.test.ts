import { expect, it } from 'vitest';
import { NULL_OBSERVER, type RelayObserver, type SessionInfo } from './observer.ts';
import { observers } from './observers.ts';

const SESSION = {} as SessionInfo;

function listener(told: string[], name: string): RelayObserver {
  return { ...NULL_OBSERVER, sessionOpened: () => told.push(name) };
}

it('tells all of them everything, in the order of the list', () => {
  const told: string[] = [];
  observers([listener(told, 'first'), listener(told, 'second')]).sessionOpened(SESSION);
  expect(told).toEqual(['first', 'second']);
});

it('calls who is the only one to care directly, and nobody for what nobody cares for', () => {
  const told: string[] = [];
  const messageSent = () => told.push('sent');
  const all = observers([listener(told, 'first'), { ...NULL_OBSERVER, messageSent }, NULL_OBSERVER]);
  all.messageSent(SESSION, 1, 'reply');
  expect(told).toEqual(['sent']);
  expect(all.messageReceived).toBe(NULL_OBSERVER.messageReceived);
});

it('keeps a single one as it is, and an observer that has not every method', () => {
  const { messageRouted: _left, ...most } = NULL_OBSERVER;
  expect(observers([most])).toBe(most);
  expect(observers([])).toBe(NULL_OBSERVER);
  expect(() => observers([most, NULL_OBSERVER]).messageRouted?.(SESSION)).not.toThrow();
});
