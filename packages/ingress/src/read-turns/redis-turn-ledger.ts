import { type RedisSession, readScript, readTurnKeys } from '@sluice/redis';
import type { TurnLedger } from './read-turns.ts';

const takeTurn = readScript(new URL('./take-turn.lua', import.meta.url));

export interface RedisTurnLedgerOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The stream's ARN, which all ingresses have in common. */
  readonly arn: string;
  readonly ingress: string;
}

/** The turns of a stream in Redis: one script a call. */
export function createRedisTurnLedger({ session, keyPrefix, arn, ingress }: RedisTurnLedgerOptions): TurnLedger {
  const { readers, turns } = readTurnKeys(keyPrefix, arn);
  return {
    async take({ shardId = '', callMs = 0, paysMs = 0, hasTurn = false }) {
      const args = [ingress, shardId, Math.ceil(callMs), Math.ceil(paysMs), hasTurn ? '1' : '0'];
      const [waitMs, count] = (await session.run(session.epoch, (client) => takeTurn(client, [readers, turns], args))) as [number, number];
      return { waitMs, readers: count };
    },
  };
}
