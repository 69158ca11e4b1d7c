import { expect, it } from 'vitest';
import { toOperations } from './to-operations.ts';

const invocation = Buffer.from('x');
const target = { namespace: 'ns', type: 'h', id: 'z' };

it('gives tokens the scope of their sender’s id, whatever its type, as Stateful Functions does', () => {
  const send = operationsOf('f', { type: 'send', target, invocation, delayMs: 10, token: 't' });
  const cancel = operationsOf('g', { type: 'cancel', token: 't' });
  expect([send, cancel]).toMatchObject([
    [{ type: 'delay', sender: 'x', token: 't', target: 'ns/h', lanes: 4, delayMs: 10 }],
    [{ type: 'cancel', sender: 'x', token: 't' }],
  ]);
});

it('keeps the order of delayed messages and cancellations, after messages and before egress records', () => {
  const operations = toOperations(
    { namespace: 'ns', type: 'f', id: 'x' },
    {
      messages: [{ target, invocation }],
      delayed: [
        { type: 'cancel', token: 'a' },
        { type: 'send', target, invocation, delayMs: 0, token: 'a' },
        { type: 'cancel', token: 'b' },
      ],
      egress: [{ egressId: 'ns/out', record: { partitionKey: 'k', data: invocation, metadata: {} } }],
      mutations: [],
    },
    () => 4,
  );
  expect(operations.map((operation) => ('target' in operation ? `${operation.type} ${operation.target}` : operation.type))).toEqual([
    'send ns/h',
    'cancel',
    'delay ns/h',
    'cancel',
    'send ns/out',
  ]);
});

const operationsOf = (type: string, effect: Parameters<typeof toOperations>[1]['delayed'][number]) =>
  toOperations({ namespace: 'ns', type, id: 'x' }, { messages: [], delayed: [effect], egress: [], mutations: [] }, () => 4);
