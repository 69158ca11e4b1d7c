import { describe, expect, it } from 'vitest';
import {
  decodeAnswer,
  decodeInvocation,
  decodeKinesisEgressRecord,
  encodeInvocation,
  encodeRequest,
  encodeTypedValue,
  formatAddress,
  functionTypeOf,
  KINESIS_EGRESS_RECORD,
  wrapIngressRecord,
} from './index.ts';
import { decodeRequest, encodeAnswer } from './testing/index.ts';

const STRING = 'io.statefun.types/string';
const INT = 'io.statefun.types/int';
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const bytes = (text: string) => Buffer.from(text, 'hex');

/** Bodies as the original runtime sent them. */
describe('a request', () => {
  it('has target and invocations, and nothing for what is empty', () => {
    const request = encodeRequest({
      address: { namespace: 'ex', type: 'first', id: 'alice' },
      states: [],
      invocations: [wrapIngressRecord(STRING, bytes('0a026869'))],
    });
    expect(base64(request)).toBe('ogY6ChIKAmV4EgVmaXJzdBoFYWxpY2UaJBIiChhpby5zdGF0ZWZ1bi50eXBlcy9zdHJpbmcQARoECgJoaQ==');
  });

  it('has empty data as a value, and an argument without type and value as present and empty', () => {
    const address = { namespace: 'ex', type: 'args', id: 'a' };
    expect(base64(encodeRequest({ address, states: [], invocations: [wrapIngressRecord(STRING, bytes(''))] }))).toBe(
      'ogYvCg0KAmV4EgRhcmdzGgFhGh4SHAoYaW8uc3RhdGVmdW4udHlwZXMvc3RyaW5nEAE=',
    );
    expect(base64(encodeRequest({ address, states: [], invocations: [encodeInvocation(undefined, bytes(''))] }))).toBe(
      'ogYTCg0KAmV4EgRhcmdzGgFhGgISAA==',
    );
  });

  it('has a state with its value, with an empty value, or with its name alone', () => {
    const request = encodeRequest({
      address: { namespace: 'ex', type: 'mut', id: '' },
      states: [
        { name: 'a', value: { typename: INT, value: bytes('0d07000000') } },
        { name: 'b', value: { typename: INT, value: bytes('') } },
        { name: 'c', value: undefined },
      ],
      invocations: [],
    });
    expect(decodeRequest(request)).toEqual({
      target: { namespace: 'ex', type: 'mut', id: '' },
      states: {
        a: { typename: INT, hasValue: true, value: bytes('0d07000000') },
        b: { typename: INT, hasValue: true, value: new Uint8Array() },
        c: undefined,
      },
      invocations: [],
    });
  });

  it('names the caller of a message', () => {
    const caller = { namespace: 'ex', type: 'sender', id: 's1' };
    const invocation = encodeInvocation(caller, encodeTypedValue({ typename: STRING, value: bytes('0a0178') }));
    expect(decodeInvocation(invocation)).toEqual({ caller, argument: { typename: STRING, hasValue: true, value: bytes('0a0178') } });
    expect(formatAddress(caller)).toBe('ex/sender/s1');
    expect(functionTypeOf(caller)).toBe('ex/sender');
  });
});

describe('an answer', () => {
  const NOTHING = { type: 'result', mutations: [], messages: [], delayed: [], egress: [] };

  it('is a result without effects where it is empty', () => {
    expect(decodeAnswer(bytes(''))).toEqual(NOTHING);
    expect(decodeAnswer(bytes('a20600'))).toEqual(NOTHING);
  });

  it('has its lists in the order of the wire', () => {
    const target = { namespace: 'ex', type: 'f', id: '1' };
    const argument = encodeTypedValue({ typename: STRING, value: bytes('0a0178') });
    const answer = encodeAnswer({
      invocation_result: {
        state_mutations: [{ mutation_type: 1, state_name: 'n', state_value: { typename: INT, has_value: true } }, { state_name: 'm' }],
        outgoing_messages: [{ target, argument }, { target }],
        delayed_invocations: [
          { delay_in_ms: 1500, target, argument, cancellation_token: 't' },
          { is_cancellation_request: true, cancellation_token: 't' },
        ],
        outgoing_egresses: [{ egress_namespace: 'ex', egress_type: 'out', argument: { typename: KINESIS_EGRESS_RECORD, has_value: true } }],
      },
    });
    const nobody = { namespace: '', type: '', id: '' };
    const none = new Uint8Array();
    expect(decodeAnswer(answer)).toEqual({
      type: 'result',
      mutations: [
        { mutationType: 1, name: 'n', value: { typename: INT, hasValue: true, value: none } },
        { mutationType: 0, name: 'm', value: { typename: '', hasValue: false, value: none } },
      ],
      messages: [
        { target, argument: Buffer.from(argument) },
        { target, argument: none },
      ],
      delayed: [
        { target, argument: Buffer.from(argument), delayMs: 1500, isCancellation: false, token: 't' },
        { target: nobody, argument: none, delayMs: 0, isCancellation: true, token: 't' },
      ],
      egress: [{ namespace: 'ex', type: 'out', argument: { typename: KINESIS_EGRESS_RECORD, hasValue: true, value: none } }],
    });
  });

  it('names the states that a function declares', () => {
    const answer = encodeAnswer({
      incomplete_invocation_context: {
        missing_values: [
          { state_name: 'seen', type_typename: INT },
          { state_name: 'last', type_typename: STRING, expiration_spec: { mode: 1, expire_after_millis: 60000 } },
          { state_name: 'odd', expiration_spec: { mode: 9, expire_after_millis: 2 ** 40 } },
        ],
      },
    });
    expect(decodeAnswer(answer)).toEqual({
      type: 'incomplete',
      missing: [
        { name: 'seen', typename: INT, expiration: { mode: 'none', afterMs: 0 } },
        { name: 'last', typename: STRING, expiration: { mode: 'afterWrite', afterMs: 60000 } },
        { name: 'odd', typename: '', expiration: { mode: 'none', afterMs: 2 ** 40 } },
      ],
    });
  });

  it('of both kinds is the later one on the wire; pieces of one kind are one', () => {
    expect(decodeAnswer(bytes('a20600aa0600')).type).toBe('incomplete');
    expect(decodeAnswer(bytes('aa0600a20600'))).toEqual(NOTHING);
    const [first, second] = ['a', 'b'].map((state_name) => encodeAnswer({ invocation_result: { state_mutations: [{ state_name }] } }));
    expect(decodeAnswer(Buffer.concat([first!, second!]))).toMatchObject({ mutations: [{ name: 'a' }, { name: 'b' }] });
    expect(decodeAnswer(Buffer.concat([first!, bytes('aa0600'), second!]))).toMatchObject({ mutations: [{ name: 'b' }] });
  });

  it('may have fields that the protocol does not know', () => {
    expect(decodeAnswer(bytes('0801a20600'))).toEqual(NOTHING);
    expect(decodeAnswer(bytes('a206000a03616263'))).toEqual(NOTHING);
  });

  it.each(['6e6f742070726f746f', 'a206ff', 'a20605', '00', 'a206040a02120a', 'a2060612040a02c328', 'a2060512031201ff'])(
    'that is %s is refused',
    (garbage) => {
      expect(() => decodeAnswer(bytes(garbage))).toThrow(expect.objectContaining({ code: 'FUNCTION_MESSAGE_MALFORMED' }));
    },
  );
});

describe('a KinesisEgressRecord', () => {
  it('is read as the SDKs write it', () => {
    expect(decodeKinesisEgressRecord(bytes('0a02706b120568656c6c6f1a0173220130'))).toEqual({
      partitionKey: 'pk',
      value: Buffer.from('hello'),
      stream: 's',
      explicitHashKey: '0',
    });
    expect(decodeKinesisEgressRecord(bytes(''))).toEqual({ partitionKey: '', value: new Uint8Array(), stream: '', explicitHashKey: '' });
  });

  it('may have a key that is not UTF-8, as the Java SDK can write it', () => {
    expect(decodeKinesisEgressRecord(bytes('0a02c328')).partitionKey).toBe('\ufffd(');
  });

  it('is refused where its bytes are of something else', () => {
    expect(() => decodeKinesisEgressRecord(bytes('0aff'))).toThrow('expected a KinesisEgressRecord, got 2 bytes that are none');
  });
});

it('an invocation of an ingress record has the bytes of protobuf', () => {
  expect(hex(wrapIngressRecord('', bytes('61')))).toBe('120510011a0161');
});
