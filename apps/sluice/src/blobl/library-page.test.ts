import { describe, expect, it } from 'vitest';
import { libraryOverview, libraryPage, suggestionsFor, wholeLibrary } from './library-page.ts';

describe('the pages of the library', () => {
  it('show signature, description, parameters and examples', () => {
    expect(libraryPage('.has_prefix()')).toMatchInlineSnapshot(`
      ".has_prefix(value: string)   [String Manipulation]

        Whether a text begins with another.

        Parameters:
          value  The other text.

        Example:
          root.is_key = this.v.has_prefix("key_")
          # In:  {"v":"key_7"}
          # Out: {"is_key":true}
      "
    `);
  });

  it('show a function and a method of one name together', () => {
    expect(libraryPage('bytes')).toMatch(/^bytes\(length: integer\).*^\.bytes\(\)/ms);
  });

  it('know no other names, but what is like them', () => {
    expect(libraryPage('uppercas')).toBeUndefined();
    expect(suggestionsFor('uppercas')).toEqual(['.uppercase()']);
    expect(suggestionsFor('timestamp_unx')).toContain('timestamp_unix()');
    expect(suggestionsFor('regexp_everything_else')).toEqual([]);
  });

  it('give an overview by category, without what is hidden', () => {
    expect(libraryOverview()).toMatch(/^String Manipulation$/m);
    expect(libraryOverview()).toContain('  .uppercase()\n');
    expect(libraryOverview()).not.toContain('  nothing()');
  });

  it('can be had all at once', () => {
    expect(wholeLibrary()).toContain(libraryPage('has_prefix')!);
  });
});
