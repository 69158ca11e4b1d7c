/**
 * The budgets of a stream's shards in memory, for the writers of one process. Lends as `borrow.lua` does, which says why; one conformance
 * suite holds for both.
 */
import type { Clock } from '@sluice/core';
import { WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';
import type { BudgetLedger, ShardAnswers, ShardDemand, ShardGrant } from './budget-ledger.ts';
import { grownShare, isRandom, isRiskyShare, judgedShare, type ShardShare, throttledShare, WHOLE_SHARE } from './shard-share.ts';

/** What a shard has for its writers. */
export interface ShardAllowance extends ShardShare {
  /** Of the monotonic clock, as of which the rest holds. */
  readonly atMs: number;
  /** Negative while nothing is lent. */
  readonly records: number;
  readonly bytes: number;
}

export interface MemoryBudgetLedgerOptions {
  /** Whether the endpoint is known to enforce the service's quotas; else one learns of them when a shard throttles. */
  readonly isEnforced: boolean;
  readonly clock: Clock;
  /** By shard. @default none */
  readonly allowances?: Map<string, ShardAllowance>;
}

const RATE = 0.97;
const BURST_SECONDS = 0.25;
/** What a throttled record costs: so many times what it would have. */
const OWED = 3;
const LONGEST_PAUSE_SECONDS = 0.5;
const RISKY_MS = 2_000;
const ENFORCED_MS = 600_000;

export function createMemoryBudgetLedger({ isEnforced, clock, allowances = new Map() }: MemoryBudgetLedgerOptions): BudgetLedger {
  let enforcedUntilMs = Number.NEGATIVE_INFINITY;
  return {
    borrow: async (demands) => {
      const nowMs = clock.monotonic();
      const grants = demands.map((demand) => {
        const { allowance, grant } = lend(allowances.get(demand.shardId) ?? wholeAt(nowMs), demand, nowMs);
        allowances.set(demand.shardId, allowance);
        if (demand.answers.throttled > 0) enforcedUntilMs = nowMs + ENFORCED_MS;
        return grant;
      });
      return { isPaced: isEnforced || nowMs < enforcedUntilMs, grants };
    },
  };
}

const wholeAt = (atMs: number): ShardAllowance => ({
  ...{ atMs, records: BURST_SECONDS * WRITE_RECORDS_PER_SECOND, bytes: BURST_SECONDS * WRITE_BYTES_PER_SECOND },
  ...WHOLE_SHARE,
});

function lend(before: ShardAllowance, demand: ShardDemand, nowMs: number): { allowance: ShardAllowance; grant: ShardGrant } {
  const grown = throttledBy(grownUntil(before, demand, nowMs), demand.answers, nowMs);
  const { records, bytes } = lentOf(grown, demand);
  return {
    allowance: { ...grown, records: grown.records - records, bytes: grown.bytes - bytes },
    grant: {
      records,
      bytes,
      riskyMs: isRiskyShare(grown, nowMs) ? RISKY_MS : Math.max(0, Math.floor(grown.throttledAtMs + RISKY_MS - nowMs)),
    },
  };
}

/** With what the shard gained since, and what was lent and not used. */
function grownUntil(before: ShardAllowance, { unused, answers }: ShardDemand, nowMs: number): ShardAllowance {
  const seconds = Math.max(0, nowMs - before.atMs) / 1_000;
  const share = grownShare(judgedShare(before, answers, nowMs), seconds, nowMs);
  const rate = rateOf(share.share);
  return {
    ...{ ...share, atMs: nowMs },
    records: Math.min(BURST_SECONDS * rate.records, before.records + rate.records * seconds + unused.records),
    bytes: Math.min(BURST_SECONDS * rate.bytes, before.bytes + rate.bytes * seconds + unused.bytes),
  };
}

/** What it throttled, the shard first makes up for: not where it throttles at random, as no pause helps there. */
function throttledBy(grown: ShardAllowance, answers: ShardAnswers, nowMs: number): ShardAllowance {
  if (answers.throttled === 0) return grown;
  const share = throttledShare(grown, nowMs);
  if (isRandom(share)) return { ...grown, ...share };
  const rate = rateOf(grown.share);
  const seconds = Math.min(LONGEST_PAUSE_SECONDS, OWED * Math.max(answers.throttled / rate.records, answers.throttledBytes / rate.bytes));
  const owing = (there: number, perSecond: number) =>
    Math.max(Math.min(there, -LONGEST_PAUSE_SECONDS * perSecond), there - seconds * perSecond);
  return { ...grown, ...share, records: owing(grown.records, rate.records), bytes: owing(grown.bytes, rate.bytes) };
}

function lentOf({ share, records, bytes }: ShardAllowance, demand: ShardDemand): { records: number; bytes: number } {
  const rate = rateOf(share);
  const burst = { records: BURST_SECONDS * rate.records, bytes: BURST_SECONDS * rate.bytes };
  const least = Math.max(demand.leastBytes, Math.min(demand.bytes, burst.bytes / 10));
  const hasRecords = records >= Math.max(1, Math.min(demand.records, burst.records / 10));
  if (demand.records === 0 || !hasRecords || bytes < Math.min(least, burst.bytes)) return { records: 0, bytes: 0 };
  return {
    records: Math.min(demand.records, Math.floor(records)),
    bytes: Math.max(demand.leastBytes, Math.min(demand.bytes, Math.floor(bytes))),
  };
}

const rateOf = (share: number) => ({ records: RATE * share * WRITE_RECORDS_PER_SECOND, bytes: RATE * share * WRITE_BYTES_PER_SECOND });
