/**
 * Modern JavaScript to what Espruino runs: the second step of the build. Native classes, arrows and template
 * literals stay.
 *
 * Babel's own transforms with the assumptions that keep their helpers away, since a helper needs what
 * Espruino lacks; and plugins of ours for what they leave. Sources outside the subset are not recognized
 * here: `checkSubset` has seen them.
 */
import { type PluginObj, transformAsync, type types } from '@babel/core';
import type { NodePath, Scope } from '@babel/traverse';

/** Arguments that a constructor which esbuild added hands on to a parent that this step does not know. */
const SUPER_ARGUMENTS = 8;

const PLUGINS = [
  require.resolve('@babel/plugin-transform-parameters'),
  require.resolve('@babel/plugin-transform-destructuring'),
  require.resolve('@babel/plugin-transform-spread'),
  require.resolve('@babel/plugin-transform-object-rest-spread'),
  require.resolve('@babel/plugin-transform-computed-properties'),
  require.resolve('@babel/plugin-transform-optional-chaining'),
  require.resolve('@babel/plugin-transform-nullish-coalescing-operator'),
  require.resolve('@babel/plugin-transform-logical-assignment-operators'),
  require.resolve('@babel/plugin-transform-exponentiation-operator'),
  require.resolve('@babel/plugin-transform-numeric-separator'),
  require.resolve('@babel/plugin-transform-block-scoping'),
  require.resolve('@babel/plugin-transform-property-literals'),
  require.resolve('@babel/plugin-transform-unicode-escapes'),
  require.resolve('@babel/plugin-transform-optional-catch-binding'),
];

/**
 * What the subset promises of a source: only arrays are spread, nobody looks at `length` of a function,
 * getters of `document.all` fame do not exist.
 */
const ASSUMPTIONS = {
  arrayLikeIsIterable: true,
  iterableIsArray: true,
  ignoreFunctionLength: true,
  ignoreToPrimitiveHint: true,
  noDocumentAll: true,
  noNewArrows: true,
  objectRestNoSymbols: true,
  pureGetters: true,
  setComputedProperties: true,
  setSpreadProperties: true,
  constantSuper: true,
  setClassMethods: true,
  setPublicClassFields: true,
};

export async function toEspruino(code: string): Promise<string> {
  const result = await transformAsync(code, {
    assumptions: ASSUMPTIONS,
    plugins: [superArguments, ...PLUGINS, functionsFirst, anonymousClasses],
    babelrc: false,
    configFile: false,
    comments: false,
    sourceType: 'script',
    generatorOpts: { jsescOption: { minimal: false } },
  });
  if (typeof result?.code !== 'string') throw new Error('the transform gave no code');
  return `${result.code}\n`;
}

/**
 * A subclass with fields and no constructor gets one from esbuild, with `super(...arguments)`, which no
 * transform takes apart while classes stay: here it gets the parameters of its parent's.
 */
function superArguments(): PluginObj {
  const nameThem = ({ parentPath, scope }: NodePath) => {
    const method = parentPath?.findParent((path) => path.isClassMethod());
    if (!parentPath?.isCallExpression() || !method?.isClassMethod() || !isSuperOfAll(parentPath.node)) return;
    const { superClass } = method.parentPath.parent as types.Class;
    const names = Array.from({ length: parameterCount(superClass, scope) }, () => scope.generateUidIdentifier());
    method.node.params = names;
    parentPath.node.arguments = names;
  };
  // From the program, before the transforms of what is inside.
  return { visitor: { Program: { enter: (path) => path.traverse({ Super: nameThem }) } } };
}

function isSuperOfAll({ arguments: [spread] }: types.CallExpression): boolean {
  return spread?.type === 'SpreadElement' && spread.argument.type === 'Identifier' && spread.argument.name === 'arguments';
}

/** Of the constructor that `new` of the class runs first. */
function parameterCount(superClass: types.Node | null | undefined, scope: Scope): number {
  const path = superClass?.type === 'Identifier' ? scope.getBinding(superClass.name)?.path : undefined;
  const parent = path?.isVariableDeclarator() ? path.node.init : path?.node;
  if (path === undefined || (parent?.type !== 'ClassDeclaration' && parent?.type !== 'ClassExpression')) return SUPER_ARGUMENTS;
  const method = parent.body.body.find((member) => member.type === 'ClassMethod' && member.kind === 'constructor');
  if (method === undefined) return parent.superClass ? parameterCount(parent.superClass, path.scope) : 0;
  const { params } = method as types.ClassMethod;
  return params.some(({ type }) => type === 'RestElement') ? SUPER_ARGUMENTS : params.length;
}

/**
 * Espruino does not hoist: a function exists from its statement on. So functions come first in their block.
 */
function functionsFirst(): PluginObj {
  const sort = ({ node }: { node: { body: types.Statement[] } }) => {
    const isFunction = ({ type }: types.Statement) => type === 'FunctionDeclaration';
    node.body = [...node.body.filter(isFunction), ...node.body.filter((statement) => !isFunction(statement))];
  };
  return {
    visitor: {
      // After the transforms, which add functions of their own.
      Program: { exit: sort },
      BlockStatement: { exit: sort },
    },
  };
}

/**
 * Espruino cannot parse the name in `var A = class B {}`. Within the class the variable's name stands for it.
 */
function anonymousClasses(): PluginObj {
  return {
    visitor: {
      ClassExpression(path) {
        const { id } = path.node;
        if (!id) return;
        const declarator = path.parentPath;
        if (!declarator.isVariableDeclarator() || declarator.node.id.type !== 'Identifier') {
          throw path.buildCodeFrameError('a class expression with a name: give it to a variable instead');
        }
        path.scope.rename(id.name, declarator.node.id.name);
        path.node.id = null;
      },
    },
  };
}
