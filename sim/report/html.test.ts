import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, trusted } from './html.ts';

describe('html', () => {
  it('escapes values, and not what it made itself', () => {
    const inner = html`<b title="${'"'}">${'<&>'}</b>`;
    expect(html`<p>${inner}${[inner, "a'b", 7]}</p>`.text).toBe(
      '<p><b title="&quot;">&lt;&amp;&gt;</b><b title="&quot;">&lt;&amp;&gt;</b>a&#39;b7</p>',
    );
    expect(html`${trusted('<i>')}`.text).toBe('<i>');
  });

  it('lets no text become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', ';') }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
