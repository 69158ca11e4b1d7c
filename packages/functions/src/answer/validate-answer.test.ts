import { decodeAnswer, decodeInvocation, encodeTypedValue, KINESIS_EGRESS_RECORD } from '@sluice/function-protocol';
import { encodeAnswer } from '@sluice/function-protocol/testing';
import { describe, expect, it } from 'vitest';
import { checkStateSpecs } from './state-specs.ts';
import { validateAnswer } from './validate-answer.ts';

const INT = 'io.statefun.types/int';
const sender = { namespace: 'ex', type: 'f', id: '42' };
const target = { namespace: 'ex', type: 'g', id: '' };
const argument = encodeTypedValue({ typename: INT, value: Buffer.from('0d01000000', 'hex') });

describe('an answer that can be done', () => {
  it('becomes effects; the sender is the caller of what it sends', () => {
    const { messages, delayed, egress, mutations } = validated({
      outgoing_messages: [{ target, argument }, { target }],
      delayed_invocations: [{ delay_in_ms: 5, target, argument }],
      outgoing_egresses: [kinesis('0a02706b120568656c6c6f1a0173')],
      state_mutations: [modify('count', INT, '0d07000000'), { state_name: 'seen' }],
    });
    expect(messages.map((message) => [message.target, decodeInvocation(message.invocation)])).toEqual([
      [target, { caller: sender, argument: { typename: INT, hasValue: true, value: Buffer.from('0d01000000', 'hex') } }],
      [target, { caller: sender, argument: { typename: '', hasValue: false, value: new Uint8Array() } }],
    ]);
    expect(delayed).toEqual([{ type: 'send', target, invocation: messages[0]!.invocation, delayMs: 5, token: undefined }]);
    expect(egress).toEqual([{ egressId: 'ex/out', record: { partitionKey: 'pk', data: Buffer.from('hello'), metadata: {}, stream: 's' } }]);
    expect(mutations).toEqual([
      { name: 'count', value: { typename: INT, value: Buffer.from('0d07000000', 'hex') } },
      { name: 'seen', value: undefined },
    ]);
  });

  it('sets a state to what it is given last, and to a value without bytes', () => {
    const { mutations } = validated({
      state_mutations: [
        modify('count', INT, '0d07000000'),
        { state_name: 'count' },
        modify('count', INT, ''),
        modify('seen', INT, '0d01000000'),
        { state_name: 'seen' },
      ],
    });
    expect(mutations).toEqual([
      { name: 'count', value: { typename: INT, value: new Uint8Array() } },
      { name: 'seen', value: undefined },
    ]);
  });

  it('may use a token again after it cancelled the message that had it', () => {
    const { delayed } = validated({ delayed_invocations: [cancel('t'), send('t'), cancel('t'), send('t'), send(''), send('')] });
    expect(delayed.map((one) => [one.type, one.token])).toEqual([
      ['cancel', 't'],
      ['send', 't'],
      ['cancel', 't'],
      ['send', 't'],
      ['send', undefined],
      ['send', undefined],
    ]);
  });

  it('may ask for a record without a good key, hash key or stream, which the egress then judges', () => {
    const { egress } = validated({ outgoing_egresses: [kinesis('2203203120'), kinesis('')] });
    expect(egress.map(({ record }) => record)).toEqual([
      { partitionKey: '', explicitHashKey: ' 1 ', data: new Uint8Array(), metadata: {} },
      { partitionKey: '', data: new Uint8Array(), metadata: {} },
    ]);
  });
});

describe('an answer is refused as a whole', () => {
  it.each([
    [
      'unknown-function',
      { outgoing_messages: [{ target: { ...target, type: 'nobody' }, argument }] },
      'function `ex/nobody`, which no endpoint serves',
    ],
    ['unknown-function', { outgoing_messages: [{ argument }] }, 'a message without a target'],
    ['unknown-function', { delayed_invocations: [{ argument }] }, 'a message without a target'],
    ['negative-delay', { delayed_invocations: [{ target, delay_in_ms: -1 }] }, 'with a delay of -1 ms'],
    ['missing-token', { delayed_invocations: [{ is_cancellation_request: true }] }, 'a cancellation without a cancellation token'],
    [
      'token-used-twice',
      { delayed_invocations: [send('t'), send('u'), send('t')] },
      'two delayed messages with the cancellation token `t`',
    ],
    ['unknown-egress', { outgoing_egresses: [{ egress_namespace: 'ex', egress_type: 'in' }] }, 'egress `ex/in`, which is not configured'],
    [
      'wrong-egress-type',
      { outgoing_egresses: [kinesis('', INT)] },
      `takes only messages of type \`${KINESIS_EGRESS_RECORD}\`, got \`${INT}\``,
    ],
    ['malformed-record', { outgoing_egresses: [kinesis('0aff')] }, 'cannot be read: expected a KinesisEgressRecord'],
    ['unknown-state', { state_mutations: [modify('other', INT, '')] }, 'a change of state `other`, which the function did not declare'],
    [
      'wrong-state-type',
      { state_mutations: [modify('count', 'ex/other', '')] },
      `state \`count\` is of type \`${INT}\` and was given a value of type \`ex/other\``,
    ],
    ['wrong-state-type', { state_mutations: [{ mutation_type: 1, state_name: 'count' }] }, 'given a value of type ``'],
    ['unknown-mutation', { state_mutations: [{ mutation_type: 7, state_name: 'count' }] }, 'of unknown kind 7'],
  ])('%s', (fault, result, message) => {
    expect(() => validated(result)).toThrow(
      expect.objectContaining({ code: 'FUNCTION_ANSWER_INVALID', fault, message: expect.stringContaining(message) }),
    );
  });
});

describe('states that a function declares', () => {
  const NONE = { mode: 'none', afterMs: 0 } as const;

  it('have a type also where none is given, which no value has', () => {
    expect(checkStateSpecs([{ name: '', typename: '', expiration: { mode: 'none', afterMs: 5 } }])).toEqual([
      { name: '', typename: 'io.statefun.types/unset', expiration: { mode: 'none', afterMs: 5 } },
    ]);
  });

  it('need a type name of two parts and a time to live', () => {
    expect(() => checkStateSpecs([{ name: 'v', typename: 'a/b/c', expiration: NONE }])).toThrow(
      expect.objectContaining({ fault: 'invalid-state-type', message: expect.stringContaining('got `a/b/c`') }),
    );
    expect(() => checkStateSpecs([{ name: 'v', typename: INT, expiration: { mode: 'afterInvoke', afterMs: 0 } }])).toThrow(
      expect.objectContaining({
        fault: 'invalid-expiration',
        message: expect.stringContaining('must expire after more than 0 ms, got 0 ms'),
      }),
    );
  });
});

const send = (cancellation_token: string) => ({ delay_in_ms: 1, target, argument, cancellation_token });
const cancel = (cancellation_token: string) => ({ is_cancellation_request: true, cancellation_token });
const modify = (state_name: string, typename: string, hex: string) => ({
  mutation_type: 1,
  state_name,
  state_value: { typename, has_value: true, value: Buffer.from(hex, 'hex') },
});
const kinesis = (hex: string, typename = KINESIS_EGRESS_RECORD) => ({
  egress_namespace: 'ex',
  egress_type: 'out',
  argument: { typename, has_value: true, value: Buffer.from(hex, 'hex') },
});

function validated(invocation_result: Record<string, unknown>) {
  const answer = decodeAnswer(encodeAnswer({ invocation_result }));
  if (answer.type !== 'result') throw new Error('expected a result');
  return validateAnswer(answer, {
    sender,
    isFunction: (type) => type === 'ex/g',
    isEgress: (id) => id === 'ex/out',
    stateType: (name) => (name === 'count' || name === 'seen' ? INT : undefined),
  });
}
