/**
 * The budgets of a stream's shards in memory, for the writers of one process. Lends as `borrow.lua` does, which says why; one conformance
 * suite holds for both.
 */
import type { Clock } from '@sluice/core';
import { WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';
import type { BudgetLedger, ShardDemand, ShardGrant } from './budget-ledger.ts';

/** What a shard has for its writers. */
export interface ShardAllowance {
  /** Of the monotonic clock, as of which the rest holds. */
  readonly atMs: number;
  /** Negative while nothing is lent. */
  readonly records: number;
  readonly bytes: number;
  /** Of its quota, what it seems to have for us: others may write too. */
  readonly share: number;
  /** The share at which it throttled last; 1 where that is long ago. */
  readonly ceiling: number;
  readonly throttledAtMs: number;
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
const PAUSE_SECONDS = 0.5;
const GAIN = { fast: 0.05, slow: 0.004 };
const NEARBY = 0.95;
const LEAST_SHARE = 0.2;
const RISKY_MS = 2_000;
const REMEMBERED_MS = 30_000;
const ONE_MOMENT_MS = 1_000;
const ENFORCED_MS = 600_000;

export function createMemoryBudgetLedger({ isEnforced, clock, allowances = new Map() }: MemoryBudgetLedgerOptions): BudgetLedger {
  let enforcedUntilMs = Number.NEGATIVE_INFINITY;
  return {
    borrow: async (demands) => {
      const nowMs = clock.monotonic();
      const grants = demands.map((demand) => {
        const { allowance, grant } = lend(allowances.get(demand.shardId) ?? wholeAt(nowMs), demand, nowMs);
        allowances.set(demand.shardId, allowance);
        if (demand.throttledPart > 0) enforcedUntilMs = nowMs + ENFORCED_MS;
        return grant;
      });
      return { isPaced: isEnforced || nowMs < enforcedUntilMs, grants };
    },
  };
}

const wholeAt = (atMs: number): ShardAllowance => ({
  ...{ atMs, records: BURST_SECONDS * WRITE_RECORDS_PER_SECOND, bytes: BURST_SECONDS * WRITE_BYTES_PER_SECOND },
  ...{ share: 1, ceiling: 1, throttledAtMs: Number.NEGATIVE_INFINITY },
});

function lend(before: ShardAllowance, demand: ShardDemand, nowMs: number): { allowance: ShardAllowance; grant: ShardGrant } {
  const grown = throttledBy(grownUntil(before, demand.unused, nowMs), demand.throttledPart, nowMs);
  const { records, bytes } = lentOf(grown, demand);
  const isNearCeiling = grown.ceiling < 1 && grown.share >= NEARBY * grown.ceiling;
  return {
    allowance: { ...grown, records: grown.records - records, bytes: grown.bytes - bytes },
    grant: { records, bytes, riskyMs: isNearCeiling ? RISKY_MS : Math.max(0, Math.floor(grown.throttledAtMs + RISKY_MS - nowMs)) },
  };
}

/** With what the shard gained since, and what was lent and not used. */
function grownUntil(before: ShardAllowance, unused: ShardDemand['unused'], nowMs: number): ShardAllowance {
  const { throttledAtMs } = before;
  const seconds = Math.max(0, nowMs - before.atMs) / 1_000;
  const gain = before.share < NEARBY * before.ceiling ? GAIN.fast : GAIN.slow;
  const share = Math.min(1, before.share + gain * seconds);
  const isForgotten = nowMs - throttledAtMs > REMEMBERED_MS || share > 1.1 * before.ceiling;
  const rate = rateOf(share);
  return {
    ...{ atMs: nowMs, share, ceiling: isForgotten ? 1 : before.ceiling, throttledAtMs },
    records: Math.min(BURST_SECONDS * rate.records, before.records + rate.records * seconds + unused.records),
    bytes: Math.min(BURST_SECONDS * rate.bytes, before.bytes + rate.bytes * seconds + unused.bytes),
  };
}

function throttledBy(grown: ShardAllowance, throttledPart: number, nowMs: number): ShardAllowance {
  if (throttledPart === 0) return grown;
  const rate = rateOf(grown.share);
  const isNew = nowMs - grown.throttledAtMs > ONE_MOMENT_MS;
  const pause = PAUSE_SECONDS * throttledPart;
  return {
    ...{ atMs: nowMs, throttledAtMs: nowMs },
    share: isNew ? Math.max(LEAST_SHARE, grown.share * Math.max(0.5, 1 - throttledPart)) : grown.share,
    ceiling: isNew ? grown.share : grown.ceiling,
    records: Math.min(grown.records, -pause * rate.records),
    bytes: Math.min(grown.bytes, -pause * rate.bytes),
  };
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
