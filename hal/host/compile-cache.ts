/**
 * What V8 has compiled of the package is kept from run to run, from Node 22.10 on
 * (`module.enableCompileCache`). It holds under the very settings of V8 that it was compiled under.
 */
import Module from 'node:module';

interface CompileCache {
  enableCompileCache(): void;
  flushCompileCache(): void;
}

const cache = Module as unknown as Partial<CompileCache>;

/** Called before all else is loaded. */
export function keepCompiled(): void {
  // Of a cache that is written at the end alone nothing would be read again: by then the settings are others.
  if (cache.flushCompileCache !== undefined) cache.enableCompileCache?.();
}

/** Called before settings of V8 change. */
export function saveCompiled(): void {
  cache.flushCompileCache?.();
}
