/**
 * The tables of the READMEs that are made from the code: what a link can be set to, what a step can do and
 * what a proxy makes of it, what is measured and checked.
 */
import { formatDuration } from 'host/units';
import { it } from 'vitest';
import { CHECKS } from '../measure/checks/index.ts';
import { METRIC_NAMES, METRICS } from '../measure/registry.ts';
import { BALANCER_PRESETS, BALANCER_SETTINGS, balancerValues, DEFAULT_BALANCER } from '../net/balancer/settings.ts';
import { LINK_SETTINGS } from '../net/link/settings.ts';
import { markdownTable } from '../study/findings/markdown.ts';
import { expectTable } from '../testing/readme-table.ts';
import { LINK_ALIASES } from './settings.ts';
import { ACTIONS, PROXY_ACTIONS } from './steps/index.ts';

const code = (text: string) => `\`${text}\``;

function linkTable(): string {
  const rows = LINK_SETTINGS.map(({ key, field, about, default: value }) => {
    const aliases = Object.keys(LINK_ALIASES).filter((alias) => LINK_ALIASES[alias].is === key);
    const names = [key, ...aliases].map(code).join(' or ');
    return [names, value === undefined ? '–' : String(field.write(value)), field.expected, about];
  });
  return markdownTable(['`link`', 'default', 'legal', 'what it is'], rows);
}

function balancerTable(): string {
  const rows = Object.values(BALANCER_SETTINGS).map(({ key, field, about, default: value }) => [
    code(key),
    String(field.write(value as never)),
    field.expected,
    about,
  ]);
  return markdownTable(['`balancer`', 'default', 'legal', 'what it is'], rows);
}

function presetTable(): string {
  const rows = Object.entries(BALANCER_PRESETS).map(([name, { about, settings }]) => {
    const values = balancerValues({ ...DEFAULT_BALANCER, ...settings });
    return [
      code(name),
      about,
      code(
        Object.entries(values)
          .map(([key, value]) => `${key}: ${value}`)
          .join(', '),
      ),
    ];
  });
  return markdownTable(['`preset`', 'what it is', 'beside the defaults'], rows);
}

function actionTable(): string {
  const lasting = (lasts: 'until-undone' | 'never' | number) =>
    typeof lasts === 'number' ? `yes, ${formatDuration(lasts)} without it` : lasts === 'never' ? '–' : 'yes';
  const rows = Object.values(ACTIONS).map(({ action, about, targeted, lasts }) => [
    code(action),
    about,
    targeted ? 'yes' : '–',
    lasting(lasts),
  ]);
  return markdownTable(['action', 'what it does', '`boards:`', '`for:`'], rows);
}

function proxyTable(): string {
  const rows = Object.values(PROXY_ACTIONS).map(({ action, proxy }) => [code(action), proxy]);
  return markdownTable(['step', 'what it does'], rows);
}

function metricsTable(): string {
  const rows = METRIC_NAMES.map((name) => {
    const { kind, unit, meaning } = METRICS[name];
    return [code(name), kind, unit, meaning];
  });
  return markdownTable(['metric', 'kind', 'unit', 'what it is'], rows);
}

function checksTable(): string {
  return markdownTable(
    ['check', 'what must hold'],
    Object.entries(CHECKS).map(([name, { about }]) => [code(name), about]),
  );
}

it.each([
  ['scenarios/README.md', 'link', linkTable],
  ['scenarios/README.md', 'balancer', balancerTable],
  ['scenarios/README.md', 'presets', presetTable],
  ['scenarios/README.md', 'actions', actionTable],
  ['sim/proxy/README.md', 'steps', proxyTable],
  ['sim/measure/README.md', 'metrics', metricsTable],
  ['sim/measure/README.md', 'checks', checksTable],
])('%s has the table of %s that the code makes (UPDATE_GOLDEN=1 rewrites it)', (file, name, make) => expectTable(file, name, make()));
