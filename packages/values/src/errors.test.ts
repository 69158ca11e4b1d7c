import { describe, expect, it, onTestFinished } from 'vitest';
import { BloblangError } from './errors.ts';

describe('BloblangError', () => {
  it('carries no stack, and leaves those of other errors as they were', () => {
    expect(new BloblangError('no').stack).not.toContain('errors.test.ts');
    expect(new Error('other').stack).toContain('errors.test.ts');
  });

  it('leaves them as they were also where it fills the stack', () => {
    const { stackTraceLimit } = Error;
    onTestFinished(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });
    const failAtEveryDepth = (): void => {
      try {
        failAtEveryDepth();
      } finally {
        new BloblangError('no');
      }
    };
    expect(failAtEveryDepth).toThrow(RangeError);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});
