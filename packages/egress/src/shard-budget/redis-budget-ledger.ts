import { WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';
import { type RedisSession, readScript, shardBudgetKey } from '@sluice/redis';
import type { BudgetLedger, LedgerAnswer, ShardDemand, ShardGrant } from './budget-ledger.ts';

const borrowScript = readScript(new URL('./borrow.lua', import.meta.url));

/** Shards in one call; a script should not take long. */
const MAX_SHARDS = 500;

/** Budgets in Redis: one script a call. @param stream ARN, or the name where that is not known */
export function createRedisBudgetLedger(session: RedisSession, keyPrefix: string, stream: string): BudgetLedger {
  const keys = [shardBudgetKey(keyPrefix, stream)];
  const borrow = async (demands: readonly ShardDemand[], isUnlimited: boolean): Promise<LedgerAnswer> => {
    const args = [WRITE_RECORDS_PER_SECOND, WRITE_BYTES_PER_SECOND, isUnlimited ? '1' : '0', ...demands.flatMap(toArguments)];
    const reply = (await session.run(session.epoch, (client) => borrowScript(client, keys, args))) as BorrowReply;
    return { isLifted: reply[0] === '1', grants: demands.map((_, index) => toGrant(reply as number[], 1 + 4 * index)) };
  };
  return {
    async borrow(demands, isUnlimited) {
      const answers: LedgerAnswer[] = [];
      for (let from = 0; from === 0 || from < demands.length; from += MAX_SHARDS) {
        answers.push(await borrow(demands.slice(from, from + MAX_SHARDS), isUnlimited));
      }
      return { isLifted: answers.at(-1)!.isLifted, grants: answers.flatMap(({ grants }) => grants) };
    },
  };
}

type BorrowReply = [isLifted: '0' | '1', ...numbers: number[]];

const toArguments = ({ shardId, records, bytes, leastBytes, unused, throttledPart }: ShardDemand) => [
  ...[shardId, records, bytes, leastBytes],
  ...[unused.records, unused.bytes, throttledPart],
];

const toGrant = (numbers: readonly number[], from: number): ShardGrant => ({
  records: numbers[from]!,
  bytes: numbers[from + 1]!,
  riskyMs: numbers[from + 2]!,
  isProbe: numbers[from + 3] === 1,
});
