import { describe, expect, it } from 'vitest';
import { createTestRelay } from './testing/test-relay.ts';

describe('broadcast', () => {
  it('passes a text on to all others and acknowledges it to the sender', async () => {
    const { connect } = createTestRelay();
    const [one, two, three] = [await connect('/one'), await connect('/two'), await connect('/three')];
    await one.send('hi');
    expect(one.texts).toEqual(['Server got your message!']);
    expect(two.texts).toEqual(['Mes from one: hi']);
    expect(three.texts).toEqual(['Mes from one: hi']);
  });

  it('passes on empty and non-ASCII text', async () => {
    const { connect } = createTestRelay();
    const [one, two] = [await connect('/one'), await connect('/two')];
    await one.send('');
    await one.send('zażółć 🛰');
    expect(two.texts).toEqual(['Mes from one: ', 'Mes from one: zażółć 🛰']);
  });
});
