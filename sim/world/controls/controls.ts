/** The handles by which the steps of a scenario, a console or a test move a world from outside. */
import type { AccessPointControl } from './access-point.ts';
import type { AirControl } from './air.ts';
import type { BalancerControl } from './balancer.ts';
import type { BoardControl, StationControl } from './board.ts';
import type { LinkControl } from './link.ts';
import type { RelayControl } from './relay.ts';

/** What can be moved between real machines, where nobody has hands on a board. Indices are 0-based. */
export interface ProxyControls {
  readonly boardCount: number;
  /** Indices of the boards that run a group's firmware, ascending; empty also when there is no such group. */
  membersOf(group: string): readonly number[];
  readonly accessPointCount: number;
  link(board: number): LinkControl;
  accessPoint(index: number): Pick<AccessPointControl, 'setPower' | 'setChannel'>;
  board(index: number): StationControl;
  readonly relay: Pick<RelayControl, 'setRunning' | 'setMachine' | 'setHung'>;
  /** null: nothing stands before the relay. */
  readonly balancer: BalancerControl | null;
}

export interface Controls extends ProxyControls {
  /** Indices of the boards that began in a group of the fleet, ascending. */
  deliveredIn(group: string): readonly number[];
  accessPoint(index: number): AccessPointControl;
  board(index: number): BoardControl;
  readonly relay: RelayControl;
  /** null: each board has an air of its own. */
  readonly air: AirControl | null;
}
