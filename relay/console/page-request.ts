/** What a page asks for, read strictly: it has shown that it may, not that it is right. */
import { isId } from '../admission/ids.ts';
import { isOperation, OPERATIONS } from './operations.ts';
import type { FromPage } from './protocol.ts';
import { MAX_LATENCY_MS, type WeatherChange } from './weather.ts';

/** As the message says it. */
const TYPES = ['history', 'weather', 'undo', 'netstat', ...Object.keys(OPERATIONS)].join(', ');

/** Boards that one request may name. */
const MAX_BOARDS = 1_000;

/** What each setting of the weather may be. */
const SETTINGS: Record<keyof WeatherChange, { expected: string; isLegal(value: unknown): boolean }> = {
  lossRate: { expected: 'a number from 0 to 1', isLegal: (value) => isWithin(value, 1) },
  latencyMs: { expected: `a number from 0 to ${MAX_LATENCY_MS}`, isLegal: (value) => isWithin(value, MAX_LATENCY_MS) },
  blackhole: { expected: 'true or false', isLegal: (value) => typeof value === 'boolean' },
};

/** @returns what was expected instead, when it is none */
export function readRequest(text: string): FromPage | string {
  const request = parse(text);
  if (!isMapping(request)) return 'expected a JSON object';
  const { type, id, ids, change } = request;
  if (type === 'undo') return { type };
  if (type === 'restart') return { type, id: '' };
  if (type === 'history' || type === 'netstat' || isOperation(type))
    return typeof id === 'string' && isId(id) ? { type, id } : 'id: expected the id of a client';
  if (type !== 'weather') return `type: expected one of ${TYPES}`;
  if (ids !== null && !isIds(ids)) return `ids: expected null for all boards, or 1 to ${MAX_BOARDS} ids`;
  const problem = isMapping(change) ? problemOf(change) : 'expected an object';
  return problem === null ? { type, ids, change: change as WeatherChange } : `change: ${problem}`;
}

function problemOf(change: Record<string, unknown>): string | null {
  const keys = Object.keys(change);
  if (keys.length === 0) return `expected some of ${Object.keys(SETTINGS).join(', ')}`;
  for (const key of keys) {
    if (!Object.hasOwn(SETTINGS, key)) return `expected nothing but ${Object.keys(SETTINGS).join(', ')}`;
    const { expected, isLegal } = SETTINGS[key as keyof WeatherChange];
    if (!isLegal(change[key])) return `${key}: expected ${expected}`;
  }
  return null;
}

function isIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_BOARDS && value.every((id) => typeof id === 'string' && isId(id));
}

function isWithin(value: unknown, max: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= max;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
