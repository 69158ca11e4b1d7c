import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../parse.ts';

describe('bloblang', () => {
  it.each([
    ['root = content()', "unrecognised function 'content'"],
    ['root = env("HOME")', "unrecognised function 'env'"],
    ['root = this.bloblang("root = 1")', "unrecognised method 'bloblang'"],
    ['import "x.blobl"', 'failed to read import: imports are disabled in this context: impor'],
    ['root = ', 'expected query, but reached end of input'],
    ['root = (1 + 2 3', 'required: expected closing bracket, got: 3'],
    ['root = @a', 'failed assignment (line 1): metadata cannot be queried in this context'],
    ['meta a = 1', 'failed assignment (line 1): unable to assign metadata in the current context'],
    ['root = \nthrow("x")', 'expected query, got: \nthro'],
    ['let a = 1\nroot = throw("x")', 'failed assignment (line 2): x'],
  ])('refuses or fails %j', (mapping, text) => {
    expect(parseMapping('root = 1.bloblang(this).catch(err -> err)').evaluate(mapping)).toBe(text);
  });

  it('gives deleted and nothing their meaning', () => {
    const mapping = parseMapping('root.a = 1\nroot.b = 2\nroot.a = this.bloblang("root = deleted()")\nroot.b = this.bloblang("let x = 1")');

    expect(mapping.evaluate(null)).toEqual({ b: 2n });
  });

  it('is refused while parsing where its text is a constant that does not parse', () => {
    expect(() => parseMapping('root = this.bloblang("root = ")')).toThrow('line 1 char 32: expected query, but reached end of input');
  });
});
