import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LINK_FIELDS } from '../../net/link/settings.ts';
import { LINK_ALIASES } from '../settings.ts';
import { ACTIONS } from '../steps/index.ts';
import { scenarioJsonSchema } from './json-schema.ts';

const FILE = new URL('../../../scenarios/schema.json', import.meta.url);

it('scenarios/schema.json is what the code says (UPDATE_GOLDEN=1 rewrites it)', () => {
  const current = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(FILE, current);
  expect(readFileSync(FILE, 'utf8')).toBe(current);
});

it('the JSON Schema knows every action and every section, and nothing else', () => {
  const schema = scenarioJsonSchema() as {
    additionalProperties: boolean;
    required: string[];
    properties: { steps: { items: { oneOf: { properties: { action?: { const: string } } }[] } }; link: { properties: object } };
  };
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(['version']);
  const kinds = schema.properties.steps.items.oneOf.map(({ properties }) => properties.action?.const ?? Object.keys(properties)[0]);
  expect(kinds).toEqual([...Object.keys(ACTIONS), 'include']);
  const links = [...Object.keys(LINK_FIELDS), ...Object.keys(LINK_ALIASES), 'trace', 'preset'];
  expect(Object.keys(schema.properties.link.properties)).toEqual(links);
});
