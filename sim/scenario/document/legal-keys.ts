/** Which keys a schema allows at a place: what an unknown key is compared with. */
import { isMapping } from 'host/is-mapping';
import { z } from 'zod';

/** @param value the document that is being checked; a step's keys depend on its action */
export function legalKeys(schema: z.ZodType, path: readonly (string | number)[], value: unknown): string[] {
  const type = unwrap(schema, value);
  if (type instanceof z.ZodObject) {
    if (path.length === 0) return Object.keys(type.shape);
    const [key, ...rest] = path;
    const inner: unknown = type.shape[key];
    return inner instanceof z.ZodType ? legalKeys(inner, rest, member(value, key)) : [];
  }
  if (type instanceof z.ZodRecord && path.length > 0) return legalKeys(type.valueType as z.ZodType, path.slice(1), member(value, path[0]));
  if (type instanceof z.ZodArray && path.length > 0) return legalKeys(type.element as z.ZodType, path.slice(1), member(value, path[0]));
  return [];
}

/**
 * Peels what stands around an object or array: optional, transforms before or behind, the alternatives of a
 * union.
 */
function unwrap(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional) return unwrap(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodPipe) return unwrap((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType, value);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const options = schema.options.map((option) => unwrap(option as z.ZodType, value));
  const action = member(withAction(value), 'action');
  return options.find((option) => option instanceof z.ZodObject && option.shape.action.safeParse(action).success) ?? options[0];
}

function member(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** A step that says `expect:` and no `action:` is an `expect` step. */
export function withAction(step: unknown): unknown {
  return isMapping(step) && Object.hasOwn(step, 'expect') && !Object.hasOwn(step, 'action') ? { action: 'expect', ...step } : step;
}
