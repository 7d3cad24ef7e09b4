/**
 * The JSON Schema of scenario files, so that editors complete and check them. Says less than the loader: no
 * cross-checks, no names of checks.
 */
import { z } from 'zod';
import { AIR_SECTION_FIELDS } from '../settings.ts';
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
  return schema;
}
