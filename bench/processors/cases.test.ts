import { expect, it } from 'vitest';
import { orders } from '../bloblang/messages.ts';
import { compileCase, fresh, processorCases } from './cases.ts';

it.each(processorCases)('$name lets each message through, changed and without a failure', async (one) => {
  const batch = orders(50);
  const left = (await compileCase(one).batches(fresh(batch))).flat();
  expect(left.map(({ message }) => message.failure)).toEqual(batch.map(() => undefined));
});
