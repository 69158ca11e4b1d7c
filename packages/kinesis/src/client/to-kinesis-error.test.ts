import { describe, expect, it } from 'vitest';
import { IteratorExpiredError, isBlocked } from '../errors.ts';
import { isRefusedSignature, toKinesisError } from './to-kinesis-error.ts';

const facts = { operation: 'GetRecords', stream: 'orders', shardId: 'shard-0' };

describe('toKinesisError', () => {
  it('takes a broken connection for one, whatever the SDK calls it', () => {
    const cause = Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
    expect(toKinesisError(cause)).toMatchObject({ code: 'KINESIS_UNAVAILABLE', message: 'kinesis is unavailable: socket hang up' });
  });

  it.each([
    ['ProvisionedThroughputExceededException', 'KINESIS_THROTTLED', 'retry', false],
    ['LimitExceededException', 'KINESIS_THROTTLED', 'retry', false],
    ['KMSThrottlingException', 'KINESIS_THROTTLED', 'retry', false],
    ['InternalFailureException', 'KINESIS_UNAVAILABLE', 'retry', false],
    ['ServiceUnavailable', 'KINESIS_UNAVAILABLE', 'retry', false],
    ['ExpiredTokenException', 'KINESIS_CREDENTIALS_EXPIRED', 'retry', false],
    ['ResourceInUseException', 'KINESIS_UNAVAILABLE', 'retry', false],
    ['ExpiredIteratorException', 'ITERATOR_EXPIRED', 'retry', false],
    ['TimeoutError', 'KINESIS_TIMEOUT', 'retry', false],
    ['ValidationException', 'KINESIS_VALIDATION', 'reject', false],
    ['InvalidArgumentException', 'KINESIS_VALIDATION', 'reject', false],
    ['ResourceNotFoundException', 'STREAM_NOT_FOUND', 'retry', true],
    ['AccessDeniedException', 'KINESIS_ACCESS_DENIED', 'retry', true],
    ['UnrecognizedClientException', 'KINESIS_ACCESS_DENIED', 'retry', true],
    ['InvalidSignatureException', 'KINESIS_ACCESS_DENIED', 'retry', true],
    ['CredentialsProviderError', 'KINESIS_ACCESS_DENIED', 'retry', true],
    ['KMSDisabledException', 'STREAM_KEY_UNUSABLE', 'retry', true],
    ['KMSAccessDeniedException', 'STREAM_KEY_UNUSABLE', 'retry', true],
  ])('answers %s with %s', (name, code, disposition, blocked) => {
    const error = toKinesisError(Object.assign(new Error('why'), { name }), facts);
    expect(error).toMatchObject({ code, disposition });
    expect(isBlocked(error)).toBe(blocked);
  });

  it('says of a subscription that its stream or its consumer was not found', () => {
    const cause = Object.assign(new Error('was deregistered'), { name: 'ResourceNotFoundException' });
    const consumer = 'arn:aws:kinesis:eu-west-1:0:stream/orders/consumer/app:1';
    expect(toKinesisError(cause, { ...facts, operation: 'SubscribeToShard', consumer })).toMatchObject({
      code: 'STREAM_NOT_FOUND',
      message: `stream orders or its consumer ${consumer} was not found: ResourceNotFoundException: was deregistered; check its name, the region and the endpoint`,
    });
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'CERT_HAS_EXPIRED', 'HPE_INVALID_CONSTANT'])(
    'takes %s for weather',
    (code) => {
      expect(toKinesisError(Object.assign(new Error('connect'), { code }), facts)).toMatchObject({ code: 'KINESIS_UNAVAILABLE' });
    },
  );

  it('takes a signature with an old date for weather: the SDK sets its clock by the answer', () => {
    const message = 'Signature expired: 20261121T200000Z is now earlier than 20261121T205500Z (20261121T210000Z - 5 min.)';
    expect(toKinesisError(Object.assign(new Error(message), { name: 'InvalidSignatureException' }), facts)).toMatchObject({
      code: 'KINESIS_UNAVAILABLE',
    });
  });

  it('looks into the errors of several addresses', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:4567'), { code: 'ECONNREFUSED' });
    expect(toKinesisError(new AggregateError([refused, refused]), facts)).toMatchObject({ code: 'KINESIS_UNAVAILABLE' });
  });

  it.each([
    [500, 'KINESIS_UNAVAILABLE'],
    [503, 'KINESIS_UNAVAILABLE'],
    [200, 'KINESIS_UNAVAILABLE'],
    [429, 'KINESIS_THROTTLED'],
    [403, 'KINESIS_ACCESS_DENIED'],
    [418, 'KINESIS_REFUSED'],
  ])('judges an unknown name by its status %i', (httpStatusCode, code) => {
    expect(toKinesisError(Object.assign(new Error('why'), { name: 'Unheard', $metadata: { httpStatusCode } }), facts)).toMatchObject({
      code,
    });
  });

  it('leaves bugs and its own errors as they are', () => {
    const bug = new TypeError('records is not iterable');
    const own = new IteratorExpiredError('shard-0');
    expect(toKinesisError(bug, facts)).toBe(bug);
    expect(toKinesisError(own, facts)).toBe(own);
    expect(toKinesisError('text', facts)).toBe('text');
  });

  it('says what, where and what to do on one line', () => {
    const cause = Object.assign(new Error('Stream orders under account 1 not found.\n  Hint: see the SDK'), {
      name: 'ResourceNotFoundException',
    });
    expect((toKinesisError(cause, facts) as Error).message).toBe(
      'stream orders was not found: ResourceNotFoundException: Stream orders under account 1 not found.; check its name, the region and the endpoint',
    );
  });
});

describe('isRefusedSignature', () => {
  it.each([
    ['ExpiredTokenException', 'why', true],
    ['UnrecognizedClientException', 'why', true],
    ['InvalidSignatureException', 'why', true],
    ['InvalidSignatureException', 'Signature expired: 20261121T200000Z is now earlier than 20261121T205500Z', false],
    ['AccessDeniedException', 'why', false],
    ['CredentialsProviderError', 'why', false],
  ])('of %s (%s) is %s', (name, message, expected) => {
    expect(isRefusedSignature(Object.assign(new Error(message), { name }))).toBe(expected);
  });
});
