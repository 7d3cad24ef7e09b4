/**
 * A toxic as Toxiproxy's API writes it: read with every mistake named, and written. `devices`, which
 * connections it is for, is ours.
 */
import { isMapping } from 'host/is-mapping';
import { shown } from 'host/shown';
import { type Attributes, TOXIC_TYPES } from '../toxic-types.ts';
import type { StreamName, Target, Toxic } from '../toxics.ts';
import { ApiError } from './api-error.ts';

const KEYS = ['name', 'type', 'stream', 'toxicity', 'attributes', 'devices'];
/** A part of the path of its URL. */
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const MAX_TARGETS = 1_000;
const MAX_ADDRESS_CHARACTERS = 64;

/** @throws ApiError in Toxiproxy's words where it has some */
export function readToxic(body: unknown): Toxic {
  const document = readMapping(body, KEYS, 'toxic');
  const { type, stream = 'downstream', toxicity = 1, devices = [] } = document;
  if (typeof type !== 'string') throw new ApiError(400, 'missing required field: type');
  if (!Object.hasOwn(TOXIC_TYPES, type)) {
    throw new ApiError(400, `invalid toxic type: ${shown(type)}; expected one of ${Object.keys(TOXIC_TYPES).join(', ')}`);
  }
  if (!isStream(stream)) throw new ApiError(400, 'stream was invalid, can be either upstream or downstream');
  const { name = `${type}_${stream}` } = document;
  if (typeof name !== 'string' || !NAME.test(name)) throw badField('name', '1 to 64 letters, digits, ".", "_" or "-"');
  return {
    name,
    type,
    stream,
    toxicity: readNumber('toxicity', toxicity, 0, 1, true),
    attributes: readAttributes(type, document.attributes ?? {}, {}),
    devices: readTargets(devices),
  };
}

/** A toxic of which some attributes or its toxicity change; what it is and where it acts stay. */
export function changeToxic(toxic: Toxic, body: unknown): Toxic {
  const document = readMapping(body, KEYS, 'toxic');
  for (const key of ['name', 'type', 'stream'] as const) {
    if (document[key] !== undefined && document[key] !== toxic[key]) throw badField(key, `${toxic[key]}, as it is: it cannot be changed`);
  }
  const { toxicity = toxic.toxicity, attributes = {}, devices = toxic.devices } = document;
  return {
    ...toxic,
    toxicity: readNumber('toxicity', toxicity, 0, 1, true),
    attributes: readAttributes(toxic.type, attributes, toxic.attributes),
    devices: readTargets(devices),
  };
}

/** @throws ApiError unless `body` is an object with no other keys than `keys` */
export function readMapping(body: unknown, keys: readonly string[], what: string): Record<string, unknown> {
  if (!isMapping(body)) throw new ApiError(400, `bad request body: expected a JSON object, a ${what}`);
  const unknown = Object.keys(body).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new ApiError(400, `bad request body: unknown key ${shown(unknown)}; expected ${keys.join(', ')}`);
  return body;
}

export function badField(path: string, expected: string): ApiError {
  return new ApiError(400, `bad request body: ${path}: expected ${expected}`);
}

function readAttributes(type: string, given: unknown, before: Attributes): Attributes {
  const { attributes } = TOXIC_TYPES[type];
  const names = Object.keys(attributes);
  if (!isMapping(given)) throw badField('attributes', `an object with ${names.join(', ') || 'nothing in it'}`);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw badField(`attributes.${unknown}`, `${names.join(', ') || 'no attributes'} for ${type}`);
  return Object.fromEntries(
    names.map((name) => {
      const { min, max, fallback, isFraction = false } = attributes[name];
      return [name, readNumber(`attributes.${name}`, given[name] ?? before[name] ?? fallback, min, max, isFraction)];
    }),
  );
}

function readNumber(path: string, value: unknown, min: number, max: number, isFraction: boolean): number {
  if (typeof value === 'number' && value >= min && value <= max && (isFraction || Number.isInteger(value))) return value;
  throw badField(path, `a ${isFraction ? '' : 'whole '}number from ${min} to ${max}`);
}

function readTargets(value: unknown): Target[] {
  if (Array.isArray(value) && value.length <= MAX_TARGETS && value.every(isTarget)) return value;
  throw badField('devices', 'a list of device numbers (1 is the first that connected) and addresses');
}

function isTarget(value: unknown): value is Target {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 1;
  return typeof value === 'string' && value !== '' && value.length <= MAX_ADDRESS_CHARACTERS;
}

function isStream(value: unknown): value is StreamName {
  return value === 'upstream' || value === 'downstream';
}

/** Somebody's text, no longer than a message can bear. */
