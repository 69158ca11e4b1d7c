import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { generate } from './generate.ts';

it('ends when it is told to, though its mapping deletes all that it makes', async () => {
  const stop = new AbortController();
  const next = generate('root = deleted()', undefined, stop.signal)().next();
  await setImmediate();
  stop.abort();
  expect(await next).toEqual({ value: undefined, done: true });
});

it('says what is wrong with its mapping', () => {
  expect(() => generate('root = ', undefined, new AbortController().signal)).toThrow(
    expect.objectContaining({
      code: 'PUT_USAGE',
      message: expect.stringContaining('expected a mapping as --generate, found line 1 char 8'),
    }),
  );
});
