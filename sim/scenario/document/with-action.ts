/** A step that says `expect:` and no `action:` is an `expect` step. */
import { isMapping } from 'host/is-mapping';

export function withAction(step: unknown): unknown {
  return isMapping(step) && Object.hasOwn(step, 'expect') && !Object.hasOwn(step, 'action') ? { action: 'expect', ...step } : step;
}
