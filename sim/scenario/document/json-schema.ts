/**
 * The JSON Schema of scenario files, so that editors complete and check them. Says less than the loader: no
 * cross-checks, no names of checks.
 */
import { isMapping } from 'host/is-mapping';
import { z } from 'zod';
import { AIR_SECTION_FIELDS, STEP_FIELDS } from '../settings.ts';
import { BACKOFF_EXPECTED } from './backoff-spec.ts';
import { scenarioSchema } from './schema.ts';

interface ObjectSchema {
  properties: Record<string, unknown>;
  required?: string[];
}

export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown> & ObjectSchema;
  const boards = schema.properties.boards as ObjectSchema;
  // Text forms are turned into mappings before the schema proper sees them.
  boards.properties.backoff = { anyOf: [{ type: 'string', description: BACKOFF_EXPECTED }, boards.properties.backoff] };
  schema.properties.air = { anyOf: [AIR_SECTION_FIELDS.medium.jsonSchema, schema.properties.air] };
  // And so is a step that only says what it expects.
  const steps = schema.properties.steps as { items: { oneOf: ObjectSchema[] } };
  const expectation = steps.items.oneOf.find(({ properties }) => Object.hasOwn(properties, 'expect'));
  if (expectation) expectation.required = ['at', 'expect'];
  allowVariables(schema);
  steps.items.oneOf.push(INCLUDE);
  return {
    ...schema,
    $defs: { variable: { type: 'string', pattern: '\\$\\{\\w+\\}', description: 'Has a variable in it, whose value vars: says.' } },
  };
}

const VARIABLE = { $ref: '#/$defs/variable' };

const INCLUDE = {
  type: 'object',
  description: 'All steps of another scenario, so much later, with these values for its variables.',
  properties: {
    include: { type: 'string', description: 'The file, as this one sees it.' },
    at: { anyOf: [STEP_FIELDS.at.jsonSchema, VARIABLE] },
    vars: { type: 'object' },
  },
  required: ['include'],
  additionalProperties: false,
};

/** Keys of which no value is a variable: what tells the kinds of step from each other, too. */
const NO_VARIABLE = ['version', 'action', 'vars', 'sweep'];

/** Wherever a value may stand, a variable may. */
function allowVariables(node: Record<string, unknown>): void {
  for (const key of ['items', 'oneOf', 'anyOf']) {
    const inner = node[key];
    for (const one of Array.isArray(inner) ? inner : [inner]) if (isMapping(one)) allowVariables(one);
  }
  const { properties } = node;
  if (!isMapping(properties)) return;
  for (const [key, property] of Object.entries(properties)) {
    if (NO_VARIABLE.includes(key) || !isMapping(property)) continue;
    allowVariables(property);
    const isList = property.type === 'array' || property.type === 'object';
    if (isList || isAnyText(property)) continue;
    const { description, ...rest } = property;
    const anyOf = Array.isArray(property.anyOf) ? property.anyOf : [rest];
    properties[key] = { ...(description === undefined ? {} : { description }), anyOf: [...anyOf, VARIABLE] };
  }
}

/** A text that may be anything may be a variable as it is. */
function isAnyText({ type, pattern, enum: choices, anyOf }: Record<string, unknown>): boolean {
  return type === 'string' && pattern === undefined && choices === undefined && anyOf === undefined;
}
