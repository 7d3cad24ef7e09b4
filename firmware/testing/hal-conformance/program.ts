/**
 * The HAL's conformance cases as a script for Espruino. They are written with async functions, which firmware
 * may not use and the build refuses; so these are taken apart into state machines first, and then go the way
 * of every program (../../build/transform.ts).
 */
import { type BabelFile, type PluginObj, template, transformAsync, types } from '@babel/core';
import { build } from 'esbuild';
import { FOR_THE_ENGINE } from '../../build/bundle.ts';
import { toEspruino } from '../../build/transform.ts';
import type { Settings } from './cases.ts';

export async function buildConformance(settings: Settings): Promise<string> {
  return toEspruino(await withoutAsync(await toEspruino(await bundle(settings))));
}

async function bundle(settings: Settings): Promise<string> {
  const contents = `
    import './async-calls.ts';
    import './missing-javascript.ts';
    import { createEspruinoHal } from 'hal/espruino/index';
    import { runConformance } from './cases.ts';
    runConformance(createEspruinoHal, ${JSON.stringify(settings)});`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: __dirname, loader: 'ts' },
    ...FOR_THE_ENGINE,
    write: false,
  });
  return outputFiles[0].text;
}

async function withoutAsync(code: string): Promise<string> {
  const result = await transformAsync(code, {
    plugins: [
      ownHelpers,
      countedLoops,
      require.resolve('@babel/plugin-transform-async-to-generator'),
      require.resolve('@babel/plugin-transform-regenerator'),
    ],
    babelrc: false,
    configFile: false,
    sourceType: 'script',
  });
  if (typeof result?.code !== 'string') throw new Error('the transform gave no code');
  return result.code;
}

/**
 * The state machines know loops that count only; and nothing but arrays is gone through, as `iterableIsArray`
 * in the build has it too.
 */
function countedLoops(): PluginObj {
  const loop = template.statement('for (var ITEMS = ARRAY, AT = 0; AT < ITEMS.length; AT++) { ITEM; BODY }');
  return {
    visitor: {
      ForOfStatement(path) {
        const { left, right, body } = path.node;
        const [ITEMS, AT] = ['items', 'at'].map((name) => path.scope.generateUidIdentifier(name));
        const item = types.memberExpression(ITEMS, AT, true);
        const ITEM = types.isVariableDeclaration(left)
          ? types.variableDeclaration('var', [types.variableDeclarator(left.declarations[0].id, item)])
          : types.expressionStatement(types.assignmentExpression('=', left, item));
        path.replaceWith(loop({ ITEMS, AT, ARRAY: right, ITEM, BODY: body }));
      },
    },
  };
}

/** Of async-calls.ts, in place of Babel's, through the hook that Babel's own transform-runtime uses. */
function ownHelpers(): PluginObj {
  return {
    pre(file) {
      // Not in Babel's types.
      const settings = file as BabelFile & { set(key: string, value: unknown): void };
      settings.set('helperGenerator', (name: string) => types.identifier(name));
    },
    visitor: {},
  };
}
