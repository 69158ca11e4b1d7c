import { describe, expect, it } from 'vitest';
import { FaultInjector } from './fault-injector.ts';
import { faultProblems } from './fault-settings.ts';

describe('FaultInjector', () => {
  it('repeats itself with the same seed', () => {
    const settings = { '*': { errorRate: 0.3, lostReplyRate: 0.2, latencyMs: [5, 50], recordErrorRate: 0.4 } } as const;
    const plansOf = (seed: number) => {
      const injector = new FaultInjector(settings, seed);
      return Array.from({ length: 50 }, () => {
        const { failRecord, ...plan } = injector.plan('PutRecords');
        return { ...plan, records: [0, 1, 2].map(failRecord) };
      });
    };

    expect(plansOf(7)).toEqual(plansOf(7));
    expect(plansOf(7)).not.toEqual(plansOf(8));
  });

  it('keeps to its rates', () => {
    const injector = new FaultInjector({ PutRecords: { errorRate: 0.25, errors: ['ServiceUnavailable'], latencyMs: [10, 20] } }, 1);
    const plans = Array.from({ length: 2_000 }, () => injector.plan('PutRecords'));

    const refused = plans.filter(({ error }) => error === 'ServiceUnavailable').length;
    expect(refused).toBeGreaterThan(400);
    expect(refused).toBeLessThan(600);
    expect(plans.every(({ delayMs }) => delayMs >= 10 && delayMs < 20)).toBe(true);
  });

  it('prefers an operation’s own settings to those for all', () => {
    const injector = new FaultInjector({ '*': { errorRate: 1 }, GetRecords: {} }, 1);

    expect(injector.plan('GetRecords').error).toBeUndefined();
    expect(injector.plan('PutRecords').error).toBe('InternalFailure');
  });

  it('meets each request with one queued fault, in order', () => {
    const injector = new FaultInjector({}, 1);
    injector.once('PutRecords', { error: 'ProvisionedThroughputExceededException' });
    injector.once('PutRecords', { lostReply: 'hang', records: { 1: 'InternalFailure' } });

    expect(injector.plan('GetRecords').error).toBeUndefined();
    expect(injector.plan('PutRecords').error).toBe('ProvisionedThroughputExceededException');
    const second = injector.plan('PutRecords');
    expect([second.error, second.lostReply, [0, 1].map(second.failRecord)]).toEqual([undefined, 'hang', [undefined, 'InternalFailure']]);
    expect(injector.plan('PutRecords').lostReply).toBeUndefined();
  });

  it('forgets everything when cleared', () => {
    const injector = new FaultInjector({ '*': { errorRate: 1 } }, 1);
    injector.once('PutRecords', { lostReply: 'reset' });
    injector.clear();

    expect(injector.plan('PutRecords')).toMatchObject({ error: undefined, lostReply: undefined, delayMs: 0 });
  });
});

describe('faultProblems', () => {
  it('accepts every kind of setting', () => {
    const settings = {
      '*': { errorRate: 0.5, errors: ['InternalFailure'], lostReplyRate: 1, lostReply: 'hang', latencyMs: [0, 10] },
      PutRecords: { recordErrorRate: 0.1, recordErrors: ['InternalFailure'] },
    };

    expect(faultProblems(settings)).toEqual([]);
  });

  it('names everything that is wrong', () => {
    const settings = {
      PutEverything: {},
      PutRecords: { errorRate: 2, errors: ['Oops'], latencyMs: [20, 10], lostReply: 'late', recordErrors: [], typo: 1 },
      GetRecords: 5,
    };

    expect(faultProblems(settings)).toEqual([
      'PutEverything: no such operation',
      'PutRecords.typo: unknown',
      'PutRecords.errorRate: expected a number from 0 to 1',
      `PutRecords.lostReply: expected 'reset' or 'hang'`,
      'PutRecords.latencyMs: expected [least, most] in milliseconds',
      'PutRecords.errors: expected a list of InternalFailure, ServiceUnavailable, ProvisionedThroughputExceededException, LimitExceededException',
      'PutRecords.recordErrors: expected a list of ProvisionedThroughputExceededException, InternalFailure',
      'GetRecords: expected an object',
    ]);
    expect(faultProblems([])).toEqual(['expected an object of faults by operation']);
  });
});
