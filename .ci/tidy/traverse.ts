/** @babel/traverse is CommonJS; what `import` gives for its default export depends on who loads it. */
import * as module from '@babel/traverse';

type Traverse = typeof import('@babel/traverse').default;

const first = module.default as Traverse | { default: Traverse };

export const traverse: Traverse = typeof first === 'function' ? first : first.default;
