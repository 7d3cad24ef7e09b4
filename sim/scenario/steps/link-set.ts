/** The link gets better or worse: any of its settings, for the boards of the step. */
import type { Field, Values } from '../../kernel/fields.ts';
import { linkSettings } from '../link-settings.ts';
import type { LinkSettings } from '../scenario.ts';
import { LINK_FIELDS } from '../settings.ts';
import { type Action, onEach } from './action.ts';

export const linkSet: Action = {
  action: 'link.set',
  about: 'Changes settings of the link.',
  targeted: true,
  lasts: 'until-undone',
  parameters: LINK_FIELDS,
  check: (parameters) => (Object.keys(parameters).length > 0 ? null : `expected at least one of ${Object.keys(LINK_FIELDS).join(', ')}`),
  describe: (parameters) => `the link gets ${describeLink(parameters)}`,
  apply: (faults, boards, parameters) => {
    const settings: Partial<LinkSettings> = linkSettings(parameters as Values<typeof LINK_FIELDS>);
    // A copy for each board, since layers are told apart by identity.
    return onEach(boards, (board) => faults.changeLink(board, { ...settings }));
  },
};

function describeLink(parameters: Record<string, unknown>): string {
  return Object.entries(parameters)
    .map(([key, value]) => `${key} ${(LINK_FIELDS as Record<string, Field<unknown>>)[key].write(value)}`)
    .join(', ');
}
