/**
 * The parts of RxJS that a world and its timeline use. The package's entry loads 250 modules, a tenth of a CPU second at every start of the simulator;
 * these load fifty. Tests and tools may import 'rxjs' as usual: the classes are the same.
 */
export type { Observable } from 'rxjs/internal/Observable';
export { concat } from 'rxjs/internal/observable/concat';
export { EMPTY } from 'rxjs/internal/observable/empty';
export { merge } from 'rxjs/internal/observable/merge';
export { timer } from 'rxjs/internal/observable/timer';
export { map } from 'rxjs/internal/operators/map';
export { switchMap } from 'rxjs/internal/operators/switchMap';
export { tap } from 'rxjs/internal/operators/tap';
export { Subject } from 'rxjs/internal/Subject';
export { Subscription } from 'rxjs/internal/Subscription';
export type { SchedulerAction, SchedulerLike } from 'rxjs/internal/types';
