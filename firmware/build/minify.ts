/**
 * The last step of the build: as few bytes as possible, within ECMAScript 5 plus what the step before left
 * in, and ASCII only.
 */
import { minify } from 'terser';
import { RESERVED_WORDS } from './subset/missing.ts';

/** @param shortNames properties that may be renamed */
export async function minifyForEspruino(code: string, shortNames: readonly string[]): Promise<string> {
  const { code: small } = await minify(code, {
    ecma: 5,
    toplevel: true,
    compress: {
      // Espruino does not hoist functions.
      hoist_funs: true,
      passes: 3,
      // A function that is made anew in each call costs a board time and memory.
      reduce_funcs: false,
      inline: 1,
      keep_fargs: false,
      // A getter of the kit, and of the engine, does nothing but tell.
      pure_getters: true,
      // The board's log keeps no events (hal/espruino), so the calls can go. What their arguments do stays.
      pure_funcs: ['this.hal.log.event', 'hal.log.event'],
    },
    // Two letters make `of` and `in`, which no variable and no method may be called here.
    mangle: {
      reserved: RESERVED_WORDS,
      properties: { builtins: true, reserved: RESERVED_WORDS, regex: new RegExp(`^(${shortNames.join('|')})$`) },
    },
    format: { ascii_only: true },
  });
  if (small === undefined) throw new Error('the minifier gave no code');
  return small;
}
