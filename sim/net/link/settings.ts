/** The weather on one board's link: the settings of all its rules. Both directions have the same settings and independent luck. */
import type { Field } from '../../kernel/fields.ts';
import { LINK_RULES } from '../rules/index.ts';
import type { LinkRule, LinkSetting, RuleWords } from './link-rule.ts';

type Both<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void ? All : never;
type Rows = Both<(typeof LINK_RULES)[number]['settings']>;
type Value<Row> = Row extends { field: Field<infer T> } ? T : never;

/** Each rule's file says what its settings mean. A setting without a default may be missing. */
export type LinkSettings = {
  [Name in keyof Rows as Rows[Name] extends { default: unknown } ? Name : never]: Value<Rows[Name]>;
} & {
  [Name in keyof Rows as Rows[Name] extends { default: unknown } ? never : Name]?: Value<Rows[Name]>;
};

type Keyed = { [Name in keyof Rows as Rows[Name] extends { key: infer Key extends string } ? Key : never]: Rows[Name] };
type Flagged = { [Name in keyof Rows as Rows[Name] extends { flag: infer Flag extends string } ? Flag : never]: Rows[Name] };
/** By the keys of documents. */
export type LinkValues = { [Key in keyof Keyed]?: Value<Keyed[Key]> };
export type LinkFields = { [Key in keyof Keyed]: Field<Value<Keyed[Key]>> };
export type LinkFlag = keyof Flagged;

/** The same, whatever their settings. */
export const RULES: readonly LinkRule<LinkSettings>[] = LINK_RULES;

export interface NamedLinkSetting extends LinkSetting<unknown> {
  name: keyof LinkSettings;
}

/** In the order in which documents have them. */
export const LINK_SETTINGS: readonly NamedLinkSetting[] = RULES.flatMap(({ settings }) =>
  Object.entries(settings).map(([name, setting]) => ({ ...(setting as LinkSetting<unknown>), name: name as keyof LinkSettings })),
);

/** A link as it is when nobody says otherwise. */
export const DEFAULT_LINK = Object.fromEntries(
  LINK_SETTINGS.filter((setting) => setting.default !== undefined).map((setting) => [setting.name, setting.default]),
) as LinkSettings;

export function describeRules(settings: LinkSettings): RuleWords[] {
  return RULES.map((rule) => rule.describe(settings)).filter((words) => words !== null);
}

/** `delays each packet by 10ms, loses nothing and carries 20mbit/s`. */
export function describeLink(settings: LinkSettings): string {
  const clauses = describeRules(settings).map(({ clause }) => clause);
  return `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}`;
}
