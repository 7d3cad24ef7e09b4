/**
 * The weather on one board's link: the settings of all its rules. Both directions have the same settings and
 * independent luck.
 */
import type { Draw } from '../../kernel/draw.ts';
import type { Field } from '../../kernel/fields.ts';
import { LINK_RULES } from '../rules/index.ts';
import type { LinkRule, LinkSetting, RuleWords } from './link-rule.ts';

type Both<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void ? All : never;
type Rows = Both<(typeof LINK_RULES)[keyof typeof LINK_RULES]['settings']>;
type Value<Row> = Row extends { field: Field<infer T> } ? T : never;
type WrittenRow<Row> = Row extends { field: { write(value: never): infer W } } ? W : never;

/** Each rule's file says what its settings mean. A setting without a default may be missing. */
export type LinkSettings = {
  [Name in keyof Rows as Rows[Name] extends { default: unknown } ? Name : never]: Value<Rows[Name]>;
} & {
  [Name in keyof Rows as Rows[Name] extends { default: unknown } ? never : Name]?: Value<Rows[Name]>;
};

/** By the key of each: the name of the setting, or of its flag. */
type ByKey = { [Name in keyof Rows as Rows[Name] extends { key: infer Key extends string } ? Key : never]: Name };
type ByFlag = { [Name in keyof Rows as Rows[Name] extends { flag: infer Flag extends string } ? Flag : never]: Name };

/** Settings as documents have them. */
export type LinkValues = { [Key in keyof ByKey]?: LinkSettings[ByKey[Key]] };
export type LinkFlag = keyof ByFlag;

/** The same as they are written there, by their flags as well. */
export type WrittenLink = { [Key in keyof ByKey]?: WrittenRow<Rows[ByKey[Key]]> } & {
  [Flag in keyof ByFlag]?: WrittenRow<Rows[ByFlag[Flag]]>;
};

export type NamedRule = LinkRule<LinkSettings> & { name: string };

/** The same with their names in the index, whatever their settings. */
export const RULES: readonly NamedRule[] = Object.entries(LINK_RULES).map(([name, rule]) => ({ ...rule, name }));

interface NamedLinkSetting extends LinkSetting<unknown> {
  name: keyof LinkSettings;
}

/** In the order in which documents have them. */
export const LINK_SETTINGS: readonly NamedLinkSetting[] = RULES.flatMap(({ settings }) =>
  Object.entries(settings).map(([name, setting]) => ({ ...(setting as LinkSetting<unknown>), name: name as keyof LinkSettings })),
);
const NAMES = new Map(LINK_SETTINGS.map(({ key, name }) => [key, name]));

/** A link as it is when nobody says otherwise. */
export const DEFAULT_LINK = Object.fromEntries(
  LINK_SETTINGS.filter((setting) => setting.default !== undefined).map((setting) => [setting.name, setting.default]),
) as LinkSettings;

/** What each may be in a document. */
export const LINK_FIELDS = Object.fromEntries(
  LINK_SETTINGS.map(({ key, field, about }): [string, Field<unknown>] => [
    key,
    { ...field, jsonSchema: { ...field.jsonSchema, description: `${about}.` } },
  ]),
) as Record<keyof LinkValues, Field<unknown>>;

/** Settings that command lines know. */
export const LINK_FLAGS = LINK_SETTINGS.filter(({ flag }) => flag !== undefined) as readonly (NamedLinkSetting & { flag: LinkFlag })[];

/** Settings that are not given stay out. */
export function linkSettings(values: LinkValues): Partial<LinkSettings> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [NAMES.get(key), value]));
}

/** A link with these changes. One of both ways takes the place of what the link says of each. */
export function changedLink(link: LinkSettings, changes: Partial<LinkSettings>): LinkSettings {
  const changed = LINK_SETTINGS.filter(({ name }) => Object.hasOwn(changes, name)).map(({ key }) => key as string);
  const stays = LINK_SETTINGS.filter(({ key }) => !changed.includes(key.replace(/_(up|down)$/, '')));
  return { ...DEFAULT_LINK, ...Object.fromEntries(stays.map(({ name }) => [name, link[name]])), ...changes };
}

export function linkValues(settings: LinkSettings): LinkValues {
  const given = LINK_SETTINGS.filter(({ name }) => settings[name] !== undefined);
  return Object.fromEntries(given.map(({ key, name }) => [key, settings[name]]));
}

/**
 * A random link as a document has it, from a good one to what still counts as one: worse, no connection could
 * be promised and no check would judge.
 */
export function drawLink(draw: Draw): Record<string, unknown> {
  const absent = RULES.filter(({ drawn }) => drawn !== undefined && !draw.chance(drawn)).flatMap(({ settings }) => Object.keys(settings));
  const asIfUnset = ({ field, default: value }: LinkSetting<unknown>) => (value === undefined ? undefined : field.write(value));
  const values = LINK_SETTINGS.map((setting) => [setting.key, absent.includes(setting.name) ? asIfUnset(setting) : setting.draw?.(draw)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

export function describeRules(settings: LinkSettings): RuleWords[] {
  return RULES.map((rule) => rule.describe(settings)).filter((words) => words !== null);
}

/** `delays each packet by 10ms, loses nothing and carries 20mbit/s`. */
export function describeLink(settings: LinkSettings): string {
  const clauses = describeRules(settings).map(({ clause }) => clause);
  return `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}`;
}
