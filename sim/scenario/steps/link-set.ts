/** The link gets better or worse: any of its settings, for the boards of the step. */
import { drawLink, LINK_FIELDS, type LinkValues, linkSettings } from '../../net/link/settings.ts';
import { type Action, onEach } from './action.ts';

export const linkSet: Action = {
  action: 'link.set',
  about: 'Changes the link: any of its settings.',
  targeted: true,
  lasts: 'until-undone',
  parameters: LINK_FIELDS,
  check: (parameters) => (Object.keys(parameters).length > 0 ? null : `expected at least one of ${Object.keys(LINK_FIELDS).join(', ')}`),
  describe: (parameters) => `the link gets ${describeLink(parameters)}`,
  draw: (draw) => {
    const link = drawLink(draw);
    return Object.fromEntries(draw.some(Object.keys(link), 0.3).map((key) => [key, link[key]]));
  },
  proxy: 'changes the device’s link at once, for packets to come',
  apply: ({ changeLink }, boards, parameters) => {
    const settings = linkSettings(parameters as LinkValues);
    return onEach(boards, (board) => changeLink(board, settings));
  },
};

function describeLink(parameters: LinkValues): string {
  return Object.entries(parameters)
    .map(([key, value]) => `${key} ${LINK_FIELDS[key as keyof LinkValues].write(value)}`)
    .join(', ');
}
