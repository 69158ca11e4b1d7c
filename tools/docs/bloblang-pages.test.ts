import { defaultEnvironment } from '@sluice/bloblang-library';
import { describe, expect, it } from 'vitest';
import { bloblangPages } from './bloblang-pages.ts';

const pages = bloblangPages();
const methods = pages['docs/bloblang/methods.md']!;

describe('the reference pages of Bloblang', () => {
  it('have signature, description, parameters and examples of each entry', () => {
    expect(methods.slice(methods.indexOf('### `has_prefix`'), methods.indexOf('### `has_suffix`'))).toMatchInlineSnapshot(`
      "### \`has_prefix\`

      \`\`\`coffee
      .has_prefix(value: string)
      \`\`\`

      Whether a text begins with another.

      | parameter | type | default | |
      |---|---|---|---|
      | \`value\` | string | required | The other text. |

      \`\`\`coffee
      root.is_key = this.v.has_prefix("key_")

      # In:  {"v":"key_7"}
      # Out: {"is_key":true}
      \`\`\`

      "
    `);
  });

  it('hold everything that is not hidden, each under one heading', () => {
    const headings = Object.values(pages).flatMap((page) => [...page.matchAll(/^### `(.*)`$/gm)].map(([, name]) => name));
    const { functions, methods } = defaultEnvironment;
    const names = [...functions.values(), ...methods.values()].filter(({ status }) => status !== 'hidden').map(({ name }) => name);
    expect(headings.toSorted()).toEqual(names.toSorted());
  });

  it('link only to headings that are there', () => {
    for (const page of Object.values(pages)) {
      const anchors = new Set(
        [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
          heading!
            .toLowerCase()
            .replaceAll(/[^\w -]/g, '')
            .replaceAll(' ', '-'),
        ),
      );
      for (const [, target] of page.matchAll(/\]\(#([^)]*)\)/g)) expect(anchors).toContain(target);
    }
  });
});
