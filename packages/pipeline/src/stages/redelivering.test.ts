import { systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import type { Deliver, Delivery, Input } from '../delivery.ts';
import { BatchError } from '../errors.ts';
import { Outstanding } from './outstanding.ts';
import { joined, partsOf } from './parts.ts';
import { redelivering } from './redelivering.ts';

const messageOf = (text: string) => ({ content: Buffer.from(text), metadata: {} });
const textOf = ({ messages }: Delivery) => messages.map(({ content }) => Buffer.from(content).toString()).join('');
const failing = (...indexes: number[]) => new BatchError(new Map(indexes.map((index) => [index, new Error(`no ${index}`)])), 9);

describe('an input whose messages are refused', () => {
  it('delivers those of a batch that failed again, and settles once all are taken', async () => {
    const answers = [failing(0, 2), failing(1), undefined];
    expect(await deliveries('abc', answers)).toEqual({ attempts: ['abc', 'ac', 'c'], settled: [undefined] });
  });

  it('delivers nothing again where it should not, and tells its source', async () => {
    const failure = failing(1);
    expect(await deliveries('ab', [failure], { replays: false })).toEqual({ attempts: ['ab'], settled: [failure] });
  });
});

describe('parts of a delivery', () => {
  it('settle it together, with the failures of all that stand for a message', () => {
    const settled: (Error | undefined)[] = [];
    const whole = { messages: [messageOf('a'), messageOf('b'), messageOf('c')], settle: (failure?: Error) => void settled.push(failure) };
    const [first, second] = partsOf(whole, [[{ message: messageOf('x'), sources: [0, 2] }], [{ message: messageOf('y'), sources: [1] }]]);
    first!.settle(new Error('no'));
    expect(settled).toEqual([]);
    second!.settle();
    expect([...(settled[0] as BatchError).failures.keys()]).toEqual([0, 2]);
  });

  it('settle at once where there are none', () => {
    let isSettled = false;
    partsOf({ messages: [messageOf('a')], settle: (failure) => (isSettled = failure === undefined) }, []);
    expect(isSettled).toBe(true);
  });
});

it('deliveries joined to one batch are told of their own failures', () => {
  const told: [string, number[] | string | undefined][] = [];
  const delivery = (text: string): Delivery => ({
    messages: [...text].map(messageOf),
    settle: (failure) => told.push([text, failure instanceof BatchError ? [...failure.failures.keys()] : failure?.message]),
  });
  const batch = joined([delivery('ab'), delivery('c'), delivery('de')]);
  expect(textOf(batch)).toBe('abcde');
  batch.settle(failing(1, 2));
  expect(told).toEqual([
    ['ab', [1]],
    ['c', 'no 2'],
    ['de', undefined],
  ]);
});

/** One batch through an input whose next stage answers as told. */
async function deliveries(text: string, answers: readonly (Error | undefined)[], { replays = true } = {}) {
  const attempts: string[] = [];
  const settled: (Error | undefined)[] = [];
  const outstanding = new Outstanding();
  const input: Input = (deliver) => deliver({ messages: [...text].map(messageOf), settle: (failure) => void settled.push(failure) });
  const next: Deliver = async (delivery) => {
    const answer = answers[attempts.push(textOf(delivery)) - 1];
    delivery.settle(answer);
  };
  const { signal } = new AbortController();
  await redelivering(input, { replays, outstanding, clock: systemClock, signal, onDropped: () => undefined })(next, signal);
  await outstanding.none();
  return { attempts, settled };
}
