/** Every action a step can name. */
import type { Action } from './action.ts';
import { apDown } from './ap-down.ts';
import { boardReset } from './board-reset.ts';
import { linkBlackhole } from './link-blackhole.ts';
import { linkSet } from './link-set.ts';
import { relayRestart } from './relay-restart.ts';
import { relayStop } from './relay-stop.ts';

export const ACTIONS: Readonly<Record<string, Action>> = Object.fromEntries(
  [apDown, linkBlackhole, linkSet, relayStop, relayRestart, boardReset].map((action) => [action.action, action]),
);
