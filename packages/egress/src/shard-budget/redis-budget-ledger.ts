import { WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';
import { type RedisSession, readScript, shardBudgetKey } from '@sluice/redis';
import type { BudgetLedger, LedgerAnswer, ShardDemand, ShardGrant } from './budget-ledger.ts';

const borrowScript = readScript(new URL('./borrow.lua', import.meta.url));

/** Shards in one call; a script should not take long. */
const MAX_SHARDS = 500;

export interface RedisBudgetLedgerOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** ARN, or the name where that is not known. */
  readonly stream: string;
  /** Whether the endpoint enforces the service's quotas; else one learns of them when a shard throttles. */
  readonly isEnforced: boolean;
}

/** Budgets in Redis: one script a call. */
export function createRedisBudgetLedger({ session, keyPrefix, stream, isEnforced }: RedisBudgetLedgerOptions): BudgetLedger {
  const keys = [shardBudgetKey(keyPrefix, stream)];
  const borrow = async (demands: readonly ShardDemand[]): Promise<LedgerAnswer> => {
    const args = [WRITE_RECORDS_PER_SECOND, WRITE_BYTES_PER_SECOND, isEnforced ? '1' : '0', ...demands.flatMap(toArguments)];
    const reply = (await session.run(session.epoch, (client) => borrowScript(client, keys, args))) as BorrowReply;
    return { isPaced: reply[0] === '1', grants: demands.map((_, index) => toGrant(reply as number[], 1 + 3 * index)) };
  };
  return {
    async borrow(demands) {
      const answers: LedgerAnswer[] = [];
      for (let from = 0; from === 0 || from < demands.length; from += MAX_SHARDS) {
        answers.push(await borrow(demands.slice(from, from + MAX_SHARDS)));
      }
      return { isPaced: answers.at(-1)!.isPaced, grants: answers.flatMap(({ grants }) => grants) };
    },
  };
}

type BorrowReply = [isPaced: '0' | '1', ...numbers: number[]];

const toArguments = ({ shardId, records, bytes, leastBytes, unused, answers }: ShardDemand) => [
  ...[shardId, records, bytes, leastBytes],
  ...[unused.records, unused.bytes, answers.taken, answers.throttled, answers.throttledBytes],
];

const toGrant = (numbers: readonly number[], from: number): ShardGrant => ({
  records: numbers[from]!,
  bytes: numbers[from + 1]!,
  riskyMs: numbers[from + 2]!,
});
