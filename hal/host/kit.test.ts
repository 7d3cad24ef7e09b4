import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KIT_FOLDER, KIT_VERSION, kitModule, moduleForApps } from './kit.ts';

describe('the kit', () => {
  it('knows where it lies, and which version it is', () => {
    expect(existsSync(join(KIT_FOLDER, 'scenarios', 'schema.json'))).toBe(true);
    expect(KIT_VERSION).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('is TypeScript in a clone', () => {
    expect(kitModule('sim/fuzz/worker')).toBe(join(KIT_FOLDER, 'sim', 'fuzz', 'worker.ts'));
  });

  it.each([
    ['squall-kit/firmware', 'firmware/api'],
    ['squall-kit/hal', 'hal/index'],
    ['hal', 'hal/index'],
    ['firmware/channel', 'firmware/channel/index'],
    ['firmware/websocket/utf8', 'firmware/websocket/utf8'],
    ['squall-kit/sim', null],
    ['firmware/nothing', null],
    ['firmware/../package', null],
    ['toString', null],
    ['./firmware/channel', null],
  ])('lends an app that asks for %s: %s', (specifier, module) => {
    expect(moduleForApps(specifier)).toBe(module);
  });
});
