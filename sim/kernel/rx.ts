/**
 * The parts of RxJS that a world and its timeline use. The package's entry loads 250 modules, a tenth of a
 * CPU second at every start of the simulator; these load twenty. Tests and tools may import 'rxjs' as usual:
 * the classes are the same.
 */
export { Observable } from 'rxjs/internal/Observable';
export type { Subscriber } from 'rxjs/internal/Subscriber';
export { Subscription } from 'rxjs/internal/Subscription';
export type { SchedulerAction, SchedulerLike } from 'rxjs/internal/types';
