/**
 * The shape of a scenario file: which keys may stand where. What a value may be is the fields' affair
 * (settings.ts, steps/), what only makes sense together that of resolve.ts.
 *
 * Strict: an unknown key is an error. Loaded only when a file is read, since zod costs a run more than all
 * other start-up code.
 */
import { shown } from 'host/shown';
import { z } from 'zod';
import { didYouMean, type Field } from '../../kernel/fields.ts';
import { CHECKS } from '../../measure/checks/index.ts';
import { METRIC_PATTERN, THRESHOLD_PATTERN } from '../../measure/thresholds.ts';
import { BALANCER_FIELDS } from '../../net/balancer/settings.ts';
import { LINK_FIELDS } from '../../net/link/settings.ts';

import {
  AIR_SECTION_FIELDS,
  type Aliases,
  BACKOFF_FIELDS,
  BOARD_FIELDS,
  GROUP_FIELDS,
  GROUP_NAME,
  HEADER_FIELDS,
  LINK_ALIASES,
  MAX_STEPS,
  RELAY_ALIASES,
  RELAY_FIELDS,
  STEP_FIELDS,
  type StepDocument,
} from '../settings.ts';
import type { Action } from '../steps/action.ts';
import { ACTIONS } from '../steps/index.ts';
import { readTarget, TARGET_EXPECTED } from '../target.ts';
import { WEATHER_EXPECTED, WEATHERS } from '../weathers.ts';
import { BACKOFF_EXPECTED, splitBackoffSpec } from './backoff-spec.ts';
import { withAction } from './legal-keys.ts';

/** Lists in a file. */
const MAX_CHECKS = 100;
const MAX_THRESHOLDS = 100;
const MAX_EXPRESSION_CHARACTERS = 200;

/** A leaf: read by `read`, or refused with what was expected. */
function leaf<T>(expected: string, read: (value: unknown) => T | null, jsonSchema: Record<string, unknown>, hint = (_: unknown) => '') {
  return z
    .unknown()
    .transform((value, context): T => {
      const result = read(value);
      if (result !== null) return result;
      context.addIssue({
        code: 'custom',
        message: value === undefined ? `is missing; expected ${expected}` : `expected ${expected}, got ${shown(value)}${hint(value)}`,
      });
      return z.NEVER;
    })
    .meta(jsonSchema);
}

function fieldSchema<T>(field: Field<T>) {
  return leaf(
    field.expected,
    (value) => field.read(value),
    field.jsonSchema,
    (value) => didYouMean(field, value),
  );
}

type Shape = Record<string, z.ZodType>;

/** Fields that may all be left out. */
function optional(fields: Record<string, Field<unknown>>): Shape {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fieldSchema(field).optional()]));
}

/** A mapping of fields that may also go by another name. */
function section(fields: Record<string, Field<unknown>>, aliases: Aliases = {}, more: Shape = {}) {
  const aliasFields = Object.fromEntries(Object.entries(aliases).map(([key, { field }]) => [key, field]));
  return z.strictObject({ ...optional(fields), ...optional(aliasFields), ...more }).transform((given: Record<string, unknown>, context) => {
    const values = { ...given };
    for (const [alias, { is }] of Object.entries(aliases)) {
      if (!Object.hasOwn(values, alias)) continue;
      if (Object.hasOwn(given, is))
        context.addIssue({ code: 'custom', path: [alias], message: `another name of ${is}, which is given too` });
      values[is] = values[alias];
      delete values[alias];
    }
    return values;
  });
}

const backoff = z.preprocess(
  (value, context) => {
    if (typeof value !== 'string') return value;
    const split = splitBackoffSpec(value);
    if ('parts' in split) return split.parts;
    context.addIssue({ code: 'custom', message: `expected ${BACKOFF_EXPECTED}: ${split.problem}` });
    return z.NEVER;
  },
  z.strictObject(optional(BACKOFF_FIELDS)),
);

const device = {
  backoff: backoff.optional(),
  /** firmware/config.ts checks it. */
  config: z.unknown().meta({ type: 'object', description: 'Overrides any key of the device’s config.json.' }).optional(),
};

/** Which names a group may have, resolve-fleet.ts says. */
const fleet = z
  .record(
    z.string().meta({ pattern: `^${GROUP_NAME}$` }),
    section(GROUP_FIELDS, {}, { ...device, link: section(LINK_FIELDS, LINK_ALIASES, { preset: preset().optional() }).optional() }),
  )
  .meta({ description: 'Groups of boards by name, each with settings of its own over those of boards: and link:.' });

const target = leaf(TARGET_EXPECTED, readTarget, {
  anyOf: [
    { const: 'all' },
    { type: 'string', pattern: `^((\\d+(\\.\\d+)?%?|all) of )?(${GROUP_NAME})$|^\\d+(\\.\\d+)?%$|^board-\\d+$` },
    { type: 'integer', minimum: 1 },
    { type: 'array' },
  ],
});

function stepSchema(action: Action) {
  const { at, for: lasts, every, times } = STEP_FIELDS;
  return z
    .strictObject({
      at: fieldSchema(at),
      action: z.literal(action.action),
      ...(action.targeted ? { boards: target.optional() } : {}),
      ...(action.lasts === 'never' ? {} : optional({ for: lasts })),
      ...optional({ every, times }),
      ...optional(action.parameters),
    })
    .meta({ description: action.about })
    .transform((given): StepDocument => {
      const { at, action, boards, for: forMs, every, times, ...parameters } = given as unknown as StepDocument & Record<string, unknown>;
      return { at, action, boards, for: forMs, every, times, parameters };
    });
}

const [firstStep, ...otherSteps] = Object.values(ACTIONS).map(stepSchema);

/** Unrolled into steps before the schema sees it (read-document.ts); what is left of it is wrong. */
const trace = leaf('the name of a file beside the scenario file', () => null, {
  type: 'string',
  description:
    'A recorded link: a CSV of t_ms, loss, latency_ms, jitter_ms, rate_bps, rssi_dbm, rssi_ap1 …, or mahimahi’s packet-delivery format.',
});

/** The same of a weather of the kit (language/weather.ts), and of variables (language/variables.ts). */
function preset() {
  return leaf(WEATHER_EXPECTED, () => null, {
    enum: WEATHERS,
    description: 'The link of one of the kit’s weathers (scenarios/weather/), under what else is said here.',
  });
}
const vars = leaf('variables with their values ({ outage: 30s })', () => null, {
  type: 'object',
  description: 'Each has a value, and stands for it everywhere in the file; --set vars.name=… changes it.',
});

/**
 * A study's grid, which study/read-sweep.ts reads and takes out before the schema sees the rest: anybody else
 * must not run half of a file.
 */
const sweep = leaf(
  'no grid here: npx tsx sim sweep runs this study, --set sweep=null plays it without its grid',
  (value) => (value === null ? {} : null),
  {
    type: 'object',
    description: 'Makes the scenario a study: every combination of the parameters runs once per seed.',
    additionalProperties: false,
    required: ['parameters'],
    properties: {
      parameters: {
        type: 'object',
        minProperties: 1,
        additionalProperties: {
          anyOf: [
            { type: 'array', minItems: 1, description: 'A field by its dotted path: its values.' },
            {
              type: 'object',
              minProperties: 1,
              additionalProperties: { type: 'object' },
              description: 'Variants by name: the fields each sets.',
            },
          ],
        },
      },
      seeds: { type: 'integer', minimum: 1 },
      metrics: { type: 'array', minItems: 1, items: { type: 'string', pattern: METRIC_PATTERN } },
      trade_off: {
        type: 'array',
        minItems: 2,
        maxItems: 2,
        items: { type: 'string', pattern: METRIC_PATTERN },
        description: 'Two metrics to draw against each other.',
      },
    },
  },
);

/** What it says, resolve.ts judges; editors learn some of that. */
function expression(more: Record<string, unknown>) {
  return leaf(
    `a text of up to ${MAX_EXPRESSION_CHARACTERS} characters`,
    (value) => (typeof value === 'string' && value.length <= MAX_EXPRESSION_CHARACTERS ? value : null),
    { type: 'string', maxLength: MAX_EXPRESSION_CHARACTERS, ...more },
  );
}

export const scenarioSchema = z
  .strictObject({
    version: leaf('1, the version of this format', (value) => (value === 1 ? 1 : null), { const: 1 }),
    ...optional(HEADER_FIELDS),
    relay: section(RELAY_FIELDS, RELAY_ALIASES).optional(),
    boards: section(BOARD_FIELDS, {}, device).optional(),
    fleet: fleet.optional(),
    link: section(LINK_FIELDS, LINK_ALIASES, { trace: trace.optional(), preset: preset().optional() }).optional(),
    balancer: section(BALANCER_FIELDS).optional(),
    air: z.strictObject(optional(AIR_SECTION_FIELDS)).optional(),
    steps: z
      .array(z.preprocess(withAction, z.discriminatedUnion('action', [firstStep, ...otherSteps])))
      .max(MAX_STEPS)
      .optional(),
    checks: z
      .array(expression({ enum: Object.keys(CHECKS) }))
      .max(MAX_CHECKS)
      .optional(),
    thresholds: z
      .array(expression({ pattern: THRESHOLD_PATTERN }))
      .max(MAX_THRESHOLDS)
      .optional(),
    sweep: sweep.optional(),
    vars: vars.optional(),
  })
  .meta({ title: 'Squall scenario' });
