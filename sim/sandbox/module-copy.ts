/**
 * What one board has of an app's own modules, from one boot to the next: an instance of each, with variables
 * that are its own and begin as they are written.
 */
import { dirname } from 'node:path';
import { boardGlobals, type Surroundings } from './board-globals.ts';
import { meaningsOn, type OwnModule } from './own-modules.ts';

interface Instance {
  exports: unknown;
}

export class ModuleCopy {
  private readonly instances = new Map<OwnModule, Instance>();
  private readonly meanings: readonly unknown[];

  constructor(surroundings: Surroundings) {
    this.meanings = meaningsOn(boardGlobals(surroundings));
  }

  /** What the module exports; it is run when it is asked for the first time, or threw the times before. */
  require(module: OwnModule): unknown {
    const known = this.instances.get(module);
    if (known !== undefined) return known.exports;
    const exports = {};
    const instance: Instance = { exports };
    this.instances.set(module, instance); // before it runs: modules may import each other
    const requireFrom = (id: string): unknown => {
      const meant = module.resolve(id);
      return 'own' in meant ? this.require(meant.own) : meant.kit;
    };
    try {
      module.bind(this.meanings).call(exports, exports, requireFrom, instance, module.file, dirname(module.file));
    } catch (error) {
      this.instances.delete(module);
      throw error;
    }
    return instance.exports;
  }
}
