import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorClasses } from './error-classes.ts';

const classes = errorClasses(join(import.meta.dirname, '..', '..')).filter(({ isAbstract }) => !isAbstract);

describe('errors', () => {
  it('all have a code and say what they mean', () => {
    expect(classes.length).toBeGreaterThan(40);
    expect(classes.filter(({ code, summary }) => !code || !summary).map(({ name }) => name)).toEqual([]);
  });

  it('share no code', () => {
    const codes = classes.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });
});
