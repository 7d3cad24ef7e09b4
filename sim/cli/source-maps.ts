/**
 * Imported before all else. Node takes in the source map of every file it loads, which is a fortieth of the
 * CPU time of a short run and helps only to read a stack trace, of which there is one when the kit has a bug.
 * `NODE_OPTIONS=--enable-source-maps` asks for them.
 */
export const SOURCE_MAPS_FLAG = '--enable-source-maps';

process.setSourceMapsEnabled([...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((words) => words.includes(SOURCE_MAPS_FLAG)));
