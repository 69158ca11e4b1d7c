import { describe, expect, it } from 'vitest';
import { CHAOS } from './chaos.ts';
import { FaultInjector } from './fault-injector.ts';
import { faultProblems, onceProblems } from './fault-problems.ts';

const WHO = { accessKeyId: 'key', sessionToken: undefined };

describe('FaultInjector', () => {
  it('repeats itself with the same seed', () => {
    const settings = {
      '*': { errorRate: 0.3, lostReplyRate: 0.2, latencyMs: [5, 50], recordErrorRate: 0.4, cutReplyRate: 0.2, lateRate: 0.1 },
    } as const;
    const plansOf = (seed: number) => {
      const injector = new FaultInjector(settings, seed);
      return Array.from({ length: 50 }, () => {
        const { failRecord, delivery, ...plan } = injector.plan('PutRecords', WHO);
        return { ...plan, records: [0, 1, 2].map(failRecord), cut: delivery.cutAfter?.(1_000) };
      });
    };

    expect(plansOf(7)).toEqual(plansOf(7));
    expect(plansOf(7)).not.toEqual(plansOf(8));
  });

  it('keeps to its rates', () => {
    const injector = new FaultInjector({ PutRecords: { errorRate: 0.25, errors: ['ServiceUnavailable'], latencyMs: [10, 20] } }, 1);
    const plans = Array.from({ length: 2_000 }, () => injector.plan('PutRecords', WHO));

    const refused = plans.filter(({ error }) => error === 'ServiceUnavailable').length;
    expect(refused).toBeGreaterThan(400);
    expect(refused).toBeLessThan(600);
    expect(plans.every(({ delayMs }) => delayMs >= 10 && delayMs < 20)).toBe(true);
  });

  it('prefers an operation’s own settings to those for all', () => {
    const injector = new FaultInjector({ '*': { errorRate: 1 }, GetRecords: {} }, 1);

    expect(injector.plan('GetRecords', WHO).error).toBeUndefined();
    expect(injector.plan('PutRecords', WHO).error).toBe('InternalFailure');
  });

  it('meets each request with one queued fault, in order', () => {
    const injector = new FaultInjector({}, 1);
    injector.once('PutRecords', { error: 'ProvisionedThroughputExceededException' });
    injector.once('PutRecords', { lostReply: 'hang', records: { 1: 'InternalFailure' } });

    expect(injector.plan('GetRecords', WHO).error).toBeUndefined();
    expect(injector.plan('PutRecords', WHO).error).toBe('ProvisionedThroughputExceededException');
    const second = injector.plan('PutRecords', WHO);
    expect([second.error, second.lostReply, [0, 1].map(second.failRecord)]).toEqual([undefined, 'hang', [undefined, 'InternalFailure']]);
    expect(injector.plan('PutRecords', WHO).lostReply).toBeUndefined();
  });

  it('queues a fault as often as it is told', () => {
    const injector = new FaultInjector({}, 1);
    injector.once('PutRecords', { error: 'ExpiredTokenException' }, 2);

    const errors = [1, 2, 3].map(() => injector.plan('PutRecords', WHO).error);
    expect(errors).toEqual(['ExpiredTokenException', 'ExpiredTokenException', undefined]);
  });

  it('refuses credentials by key, by token, and a number of times', () => {
    const injector = new FaultInjector({ credentials: [{ error: 'ExpiredTokenException', sessionToken: 'old' }] }, 1);
    injector.refuseCredentials({ error: 'UnrecognizedClientException', accessKeyId: 'key', times: 1 });
    const errorFor = (accessKeyId: string, sessionToken?: string) => injector.plan('GetRecords', { accessKeyId, sessionToken }).error;

    expect(errorFor('key', 'old')).toBe('ExpiredTokenException');
    expect(errorFor('other', 'new')).toBeUndefined();
    expect([errorFor('key', 'new'), errorFor('key', 'new')]).toEqual(['UnrecognizedClientException', undefined]);
  });

  it('is in chaos from time to time only', () => {
    const injector = new FaultInjector(CHAOS, 1);
    const plans = Array.from({ length: 2_000 }, () => injector.plan('PutRecords', WHO));

    const harmed = plans.filter(({ error, lostReply, lateMs, delivery }) => error ?? lostReply ?? lateMs ?? delivery.cutAfter);
    expect(harmed.length).toBeGreaterThan(40);
    expect(harmed.length).toBeLessThan(200);
  });

  it('forgets everything when cleared', () => {
    const injector = new FaultInjector({ '*': { errorRate: 1 } }, 1);
    injector.once('PutRecords', { lostReply: 'reset' });
    injector.clear();

    expect(injector.plan('PutRecords', WHO)).toMatchObject({ error: undefined, lostReply: undefined, delayMs: 0 });
  });
});

describe('faultProblems', () => {
  it('accepts every kind of setting', () => {
    const settings = {
      '*': { errorRate: 0.5, errors: ['InternalFailure'], lostReplyRate: 1, lostReply: 'hang', latencyMs: [0, 10] },
      PutRecords: { recordErrorRate: 0.1, recordErrors: ['InternalFailure'], lateRate: 0.1, lateMs: [10, 20] },
      GetRecords: { replyDelayMs: [0, 10], replyDelayRate: 0.1, bytesPerSecond: 1_000, cutReplyRate: 0.1 },
      controlPlane: { lagMs: 1_000, hidden: [{ shardId: 'shardId-000000000001', stream: 's', lists: 3, iterators: 1 }] },
      credentials: [{ error: 'ExpiredTokenException', accessKeyId: 'key', sessionToken: 'token', times: 2 }],
    };

    expect(faultProblems(settings)).toEqual([]);
    expect(faultProblems(CHAOS)).toEqual([]);
  });

  it('names everything that is wrong', () => {
    const settings = {
      PutEverything: {},
      PutRecords: { errorRate: 2, errors: ['Oops'], latencyMs: [20, 10], lostReply: 'late', recordErrors: [], typo: 1 },
      GetRecords: 5,
      controlPlane: { lagMs: -1, hidden: [{ lists: 1 }] },
      credentials: [{ error: 'InternalFailure' }],
    };

    expect(faultProblems(settings)).toEqual([
      'PutEverything: no such operation',
      'PutRecords.errorRate: expected a number from 0 to 1',
      expect.stringMatching(/^PutRecords.errors: expected a list of InternalFailure, ServiceUnavailable, /),
      'PutRecords.latencyMs: expected [least, most] in milliseconds',
      `PutRecords.lostReply: expected 'reset' or 'hang'`,
      'PutRecords.recordErrors: expected a list of ProvisionedThroughputExceededException, InternalFailure',
      'PutRecords.typo: unknown',
      'GetRecords: expected an object',
      'controlPlane.lagMs: expected milliseconds, 0 or more',
      'controlPlane.hidden[0].shardId: missing',
      'credentials[0].error: expected one of ExpiredTokenException, InvalidSignatureException, UnrecognizedClientException',
    ]);
    expect(faultProblems([])).toEqual(['expected an object of faults by operation']);
  });
});

describe('onceProblems', () => {
  it('accepts every kind of fault', () => {
    const fault = {
      error: 'InternalFailure',
      latencyMs: 1,
      replyDelayMs: 1,
      bytesPerSecond: 1,
      cutReplyAfterBytes: 0,
      lostReply: 'hang',
      lateMs: 1,
      records: { 0: 'InternalFailure' },
    };

    expect(onceProblems({ operation: 'PutRecords', fault, times: 2 })).toEqual([]);
  });

  it('names everything that is wrong', () => {
    expect(onceProblems({ operation: 'Put', fault: { records: { first: 'InternalFailure' }, cutReplyAfterBytes: 1.5 } })).toEqual([
      'once.operation: expected the name of an operation',
      'once.fault.records: expected an object from index to one of ProvisionedThroughputExceededException, InternalFailure',
      'once.fault.cutReplyAfterBytes: expected a whole number, 0 or more',
    ]);
    expect(onceProblems({})).toEqual(['once.operation: missing', 'once.fault: missing']);
  });
});
