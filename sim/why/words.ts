/** The answer in sentences, the same in the terminal, in the report and in JSON. */
import { plural } from 'host/format';
import type { Analysis } from './analyse.ts';
import type { TriedChange } from './find-cure.ts';
import type { Point } from './find-moment.ts';
import { outcomeWords } from './outcome.ts';

/** `61.204 s`: to the millisecond, since what is told of is an event. */
export function secondsWords(ms: number): string {
  return `${Number((ms / 1_000).toFixed(3))} s`;
}

export function pointWords({ happened, of }: Point): string {
  return `${happened} of ${of}`;
}

/** What happened, when that was decided, and by what. */
export function momentWords({ outcome, own, moment, points, happenings }: Analysis): string {
  const asked = `Why ${outcomeWords(outcome)}${own.detail === '' ? '' : ` (${own.detail})`}: `;
  switch (moment.kind) {
    case 'from-the-start':
      return `${asked}no moment decided it. With other luck from the very start it happens all the same, in ${pointWords(points[0])} runs, so it lies in the settings and steps and not in luck.`;
    case 'moment':
      if (moment.after === points[points.length - 1])
        return `${asked}nothing decided it before the end: up to ${secondsWords(moment.before.atMs)} other luck would have saved it, and it happens in ${pointWords(moment.before)} runs.`;
      return `${asked}it was lost at ${secondsWords(moment.after.atMs)}${decisiveWords(happenings, moment)}. With the same luck up to just before, it happens in ${pointWords(moment.before)} runs; up to then, in ${pointWords(moment.after)}.`;
    case 'gradual':
      return (
        `${asked}no single moment decided it. It became likely by and by, between ${secondsWords(moment.fromMs)} (${pointWords(pointAt(points, moment.fromMs))} runs with the same luck up to then) and ` +
        `${secondsWords(moment.toMs)} (${pointWords(pointAt(points, moment.toMs))}); its largest step, from ${pointWords(moment.before)} to ${pointWords(moment.after)}, was at ${secondsWords(moment.after.atMs)}${decisiveWords(happenings, moment)}.`
      );
  }
}

function pointAt(points: readonly Point[], atMs: number): Point {
  return points.find((point) => point.atMs === atMs) as Point;
}

/** Of the step that did most; a loss before anything else. */
function decisiveWords(happenings: Analysis['happenings'], { before, after }: { before: Point; after: Point }): string {
  const isWithin = (ms: number) => ms > before.atMs && ms <= after.atMs;
  const decisive = happenings.filter((one) => one.decisive && (isWithin(one.atMs) || isWithin(one.decidedMs)));
  const told = decisive.find(({ isLoss }) => isLoss) ?? decisive[0];
  return told === undefined ? ', between two events' : `: ${told.board === '' ? '' : `${told.board} `}${told.what}`;
}

/** What would have undone it. */
export function cureWords({ settings, circumstances, moment, points }: Analysis): string {
  const setting = settings.find(({ undoes }) => undoes);
  const circumstance = circumstances.find(({ undoes }) => undoes);
  const changesLuck = moment.kind !== 'from-the-start' && settings.some(({ sameUntil }) => !sameUntil);
  const { happened, of } = points[0];
  const luck = changesLuck
    ? ` with the same events up to then; the others change luck too, which alone helps in ${of - happened} of ${of} runs`
    : '';
  const what =
    setting === undefined
      ? `None of ${plural(settings.length, 'change')} of a setting undoes it${luck}.`
      : `With ${setting.set} (it is ${setting.was}) it survives ${survivedWords(setting)}.`;
  return circumstance === undefined ? what : `${what} Without ${circumstance.name} it survives ${survivedWords(circumstance)}.`;
}

export function survivedWords({ survived, of }: TriedChange): string {
  return `${survived} of ${of}`;
}
